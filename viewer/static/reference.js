// Shows the contract that the page names with Redoc, and says so when it cannot.
"use strict";

(function () {
  const place = document.getElementById("reference");
  const failure = document.getElementById("failure");

  function fail(text) {
    failure.hidden = false;
    failure.textContent = "The contract cannot be shown: " + text;
  }

  document.addEventListener("securitypolicyviolation", function (event) {
    fail("the page tried to load " + event.blockedURI);
  });
  if (!window.Redoc) {
    fail("the viewer was not loaded");
    return;
  }
  const settings = {
    expandResponses: "200,202",
    hideSchemaTitles: false,
    jsonSamplesExpandLevel: 4,
    nativeScrollbars: true,
    pathInMiddlePanel: true,
    sanitize: true,
    scrollYOffset: ".bar",
    showObjectSchemaExamples: true,
    showSecuritySchemeType: true,
    theme: {
      colors: { primary: { main: "#1d4f91" } },
      typography: {
        fontFamily: "system-ui, sans-serif",
        headings: { fontFamily: "system-ui, sans-serif" },
        code: { fontFamily: "ui-monospace, monospace" },
      },
    },
  };
  window.Redoc.init(place.dataset.document, settings, place, function (problem) {
    if (problem) {
      fail(String(problem.message || problem));
      return;
    }
    place.dataset.shown = "true";
  });
})();
