package number_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/parley-contracts/parley/contract/internal/program/number"
)

// token makes a random JSON number, with many zeros so that trailing and
// leading ones meet every position of the point.
func token(r *rand.Rand) string {
	digits := func(n int) string {
		var b strings.Builder
		for range n {
			b.WriteByte("0001259"[r.IntN(7)])
		}
		return b.String()
	}
	s := strings.TrimLeft(digits(1+r.IntN(6)), "0")
	if s == "" {
		s = "0"
	}
	if r.IntN(2) == 0 {
		s += "." + digits(1+r.IntN(6))
	}
	if r.IntN(3) == 0 {
		s += fmt.Sprintf("e%d", r.IntN(13)-6)
	}
	if r.IntN(3) == 0 {
		s = "-" + s
	}
	return s
}

func parse(t *testing.T, s string) (number.Decimal, *big.Rat) {
	t.Helper()
	d, ok := number.Parse([]byte(s))
	if !ok {
		t.Fatalf("Parse(%q) = false", s)
	}
	rat, ok := new(big.Rat).SetString(s)
	if !ok {
		t.Fatalf("big.Rat does not read %q", s)
	}
	return d, rat
}

// TestAgainstRationals compares every operation with exact fractions.
func TestAgainstRationals(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	for range 100_000 {
		s, u := token(r), token(r)
		a, x := parse(t, s)
		b, y := parse(t, u)
		if got, want := a.Compare(&b), x.Cmp(y); got != want {
			t.Fatalf("%s compared with %s = %d, want %d", s, u, got, want)
		}
		if got, want := a.IsInteger(), x.IsInt(); got != want {
			t.Fatalf("IsInteger(%s) = %v, want %v", s, got, want)
		}
		if got, ok := a.Int64(); ok != (x.IsInt() && x.Num().IsInt64()) || ok && got != x.Num().Int64() {
			t.Fatalf("Int64(%s) = %d, %v", s, got, ok)
		}
		v, err := number.NewDivisor(b)
		if (err == nil) != (y.Sign() > 0) {
			t.Fatalf("NewDivisor(%s): %v", u, err)
		}
		if err == nil {
			if got, want := v.Divides(&a), new(big.Rat).Quo(x, y).IsInt(); got != want {
				t.Fatalf("%s divides %s = %v, want %v", u, s, got, want)
			}
		}
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	if _, ok := number.Parse([]byte("1e1000001")); ok {
		t.Error("an exponent beyond the limit is understood")
	}
	if d, ok := number.Parse([]byte("0e99999999999999999999")); !ok || !d.IsZero() {
		t.Error("zero is zero whatever its exponent")
	}
	d, ok := number.Parse([]byte("1e1000000"))
	if !ok {
		t.Fatal("the largest exponent is not understood")
	}
	seven, _ := number.Parse([]byte("7"))
	v, err := number.NewDivisor(seven)
	if err != nil {
		t.Fatal(err)
	}
	if v.Divides(&d) {
		t.Error("7 divides a power of ten")
	}
	long, _ := number.Parse([]byte("1.2345678901234567891"))
	if _, err := number.NewDivisor(long); err == nil {
		t.Error("a divisor of 20 digits is understood")
	}
	for _, s := range []string{"9223372036854775807", "-9223372036854775808"} {
		d, _ := number.Parse([]byte(s))
		if n, ok := d.Int64(); !ok || fmt.Sprint(n) != s {
			t.Errorf("Int64(%s) = %d, %v", s, n, ok)
		}
	}
	for _, s := range []string{"9223372036854775808", "-9223372036854775809", "99999999999999999999", "1.5"} {
		d, _ := number.Parse([]byte(s))
		if n, ok := d.Int64(); ok {
			t.Errorf("Int64(%s) = %d, want none", s, n)
		}
	}
}
