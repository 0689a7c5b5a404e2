package contract_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"github.com/parley-contracts/parley/api"
	"github.com/parley-contracts/parley/contract"
)

// plainRouter is kin-openapi's own way to do the same, for comparison.
func plainRouter(b *testing.B, fsys interface{ ReadFile(string) ([]byte, error) }, name string) routers.Router {
	b.Helper()
	loader := openapi3.NewLoader()
	loader.ReadFromURIFunc = func(_ *openapi3.Loader, location *url.URL) ([]byte, error) { return fsys.ReadFile(location.Path) }
	doc, err := loader.LoadFromURI(&url.URL{Path: name})
	if err != nil {
		b.Fatal(err)
	}
	doc.Servers = nil
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		b.Fatal(err)
	}
	return router
}

func BenchmarkCheckRequest(b *testing.B) {
	c := loadAPI(b, "openapi-v2.yaml")
	valid := validV2(b)
	refused := *valid
	refused.Body = bytes.Replace(valid.Body, []byte(`"sms"`), []byte(`"fax"`), 1)
	for _, bc := range []struct {
		name    string
		request *contract.Request
		want    int
	}{{"valid", valid, 0}, {"refused", &refused, 1}} {
		b.Run("parley/"+bc.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if r := c.CheckRequest(bc.request); len(r.Findings) != bc.want {
					b.Fatal(r.Findings)
				}
			}
		})
		b.Run("kin/"+bc.name, func(b *testing.B) { benchmarkKin(b, bc.request, bc.want) })
	}
}

func benchmarkKin(b *testing.B, r *contract.Request, want int) {
	router := plainRouter(b, api.FS, "openapi-v2.yaml")
	options := &openapi3filter.Options{MultiError: true, AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, SkipSettingDefaults: true}
	b.ReportAllocs()
	for b.Loop() {
		request, err := http.NewRequestWithContext(context.Background(), r.Method, r.Target, bytes.NewReader(r.Body))
		if err != nil {
			b.Fatal(err)
		}
		request.Header = r.Header
		route, params, err := router.FindRoute(request)
		if err != nil {
			b.Fatal(err)
		}
		err = openapi3filter.ValidateRequest(request.Context(), &openapi3filter.RequestValidationInput{Request: request, PathParams: params, Route: route, Options: options})
		if (err != nil) != (want > 0) {
			b.Fatal(err)
		}
	}
}

// manyOperations is a document with n paths of the kind that APIs have.
func manyOperations(n int) string {
	var s strings.Builder
	s.WriteString(head + "paths:\n")
	for i := range n {
		fmt.Fprintf(&s, "  /v1/area%d/{a}/things/{b}/: {get: {operationId: op%d, parameters: [{name: a, in: path, required: true, schema: {}}, {name: b, in: path, required: true, schema: {}}], responses: {'200': {description: y}}}}\n", i, i)
	}
	return s.String()
}

func BenchmarkMatch(b *testing.B) {
	for _, n := range []int{10, 1000} {
		fsys := fstest.MapFS{"doc.yaml": {Data: []byte(manyOperations(n))}}
		c, err := contract.Load(fsys, "doc.yaml", contract.Config{})
		if err != nil {
			b.Fatal(err)
		}
		target := fmt.Sprintf("/v1/area%d/42/things/x%%2Fy/", n-1)
		b.Run(fmt.Sprintf("parley/%d/hit", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if m := c.Match("GET", target); m.Operation == nil {
					b.Fatal(m.Rule)
				}
			}
		})
		b.Run(fmt.Sprintf("parley/%d/miss", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if m := c.Match("GET", target+"more"); m.Operation != nil {
					b.Fatal(m)
				}
			}
		})
		b.Run(fmt.Sprintf("kin/%d/hit", n), func(b *testing.B) {
			router := plainRouter(b, fsys, "doc.yaml")
			request, err := http.NewRequestWithContext(context.Background(), http.MethodGet, target, nil)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := router.FindRoute(request); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := contract.Load(api.FS, "openapi-v2.yaml", contract.Config{}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCheckRequestWithoutBody is what a check costs around the body.
func BenchmarkCheckRequestWithoutBody(b *testing.B) {
	c := load(b, "shop.yaml", contract.Config{})
	request := &contract.Request{Method: "GET", Target: "/open/x.gz", Header: header("Authorization", "Bearer t")}
	b.ReportAllocs()
	for b.Loop() {
		if r := c.CheckRequest(request); len(r.Findings) > 0 {
			b.Fatal(r.Findings)
		}
	}
}
