package domain_test

import (
	"html"
	"regexp"
	"strings"
	"testing"

	"github.com/parley-contracts/parley/refserver/internal/domain"
)

func TestRender(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, text  string
		plain, html string
	}{
		{"one line", "Hello", "Hello", "<p>Hello</p>"},
		{"markup", `<script>"x" & 'y'`, `<script>"x" & 'y'`, "<p>&lt;script&gt;&#34;x&#34; &amp; &#39;y&#39;</p>"},
		{"line break", "a\nb", "a\nb", "<p>a<br>b</p>"},
		{"carriage returns", "a\r\n\r\nb", "a\n\nb", "<p>a</p><p>b</p>"},
		{"paragraphs", "a\n\nb\n\n\n\nc\n", "a\n\nb\n\n\n\nc", "<p>a</p><p>b</p><p>c</p>"},
		{"nothing", " \n ", "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := domain.Plain.Render(tc.text); got != tc.plain {
				t.Errorf("plain: got %q, want %q", got, tc.plain)
			}
			if got := domain.HTML.Render(tc.text); got != tc.html {
				t.Errorf("HTML: got %q, want %q", got, tc.html)
			}
		})
	}
}

// FuzzRenderHTML holds that no text can bring markup of its own.
func FuzzRenderHTML(f *testing.F) {
	for _, seed := range []string{"a\n\nb", "<b>&amp;", "</p><p>", "\r\n\r\n<", "<br>"} {
		f.Add(seed)
	}
	tags := regexp.MustCompile(`</?p>|<br>`)
	f.Fuzz(func(t *testing.T, text string) {
		rest := tags.ReplaceAllString(domain.HTML.Render(text), "")
		if strings.ContainsAny(rest, "<>") {
			t.Errorf("rendered %q: markup left in %q", text, rest)
		}
		if strings.Contains(html.UnescapeString(rest), "<b>") && !strings.Contains(text, "<b>") {
			t.Errorf("rendered %q: got markup that the text does not have", text)
		}
	})
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	if got := domain.DefaultFormat(domain.V1); got != domain.Plain {
		t.Errorf("format of V1: got %q, want %q", got, domain.Plain)
	}
	if got := domain.DefaultFormat(domain.V2); got != domain.HTML {
		t.Errorf("format of V2: got %q, want %q", got, domain.HTML)
	}
	if got := domain.DefaultServiceType(nil); got != domain.CustomerSupport {
		t.Errorf("service type without an AI: got %q, want %q", got, domain.CustomerSupport)
	}
	if got := domain.DefaultServiceType(new(int64(1))); got != domain.Sales {
		t.Errorf("service type with an AI: got %q, want %q", got, domain.Sales)
	}
}
