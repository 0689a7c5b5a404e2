package program

import (
	"hash/maphash"
	"math/bits"

	"github.com/parley-contracts/parley/contract/internal/program/number"
	"github.com/parley-contracts/parley/contract/internal/program/scan"
)

// digest stands for a JSON value: equal values have equal digests, whatever
// their white space, escapes, order of members and way of writing numbers, and
// with a seed that nobody outside the process knows different values have
// different ones but for a chance of about 2^-128.
type digest struct {
	a, b uint64
	// unknown is set when the value holds a number that is not understood.
	unknown bool
}

const (
	mulA = 0x9E3779B97F4A7C15
	mulB = 0xD6E8FEB86659FD93
)

// Tags keep values of different types apart.
const (
	tagString = iota + 1
	tagNumber
	tagTrue
	tagFalse
	tagNull
	tagArray
	tagObject
)

// with folds another digest into one; order matters.
func (d digest) with(e digest) digest {
	h1, l1 := bits.Mul64(d.a^e.a, mulA)
	h2, l2 := bits.Mul64(d.b^e.b, mulB)
	return digest{
		a:       (h1 ^ l1) + bits.RotateLeft64(h2, 17),
		b:       (h2 ^ l2) + bits.RotateLeft64(l1, 29),
		unknown: d.unknown || e.unknown,
	}
}

// bytesDigest is the digest of a string of bytes.
func bytesDigest(tag uint64, b []byte) digest {
	var h maphash.Hash
	h.SetSeed(hashSeed)
	_ = h.WriteByte(byte(tag))
	_, _ = h.Write(b)
	x := h.Sum64()
	_ = h.WriteByte(0xA5)
	return digest{a: x, b: h.Sum64()}
}

func tagDigest(tag uint64) digest {
	return bytesDigest(tag, nil)
}

// digestOf reads a value that is known to be sound, from i, and returns the
// index behind it.
func digestOf(b []byte, i int) (int, digest) {
	i = scan.Space(b, i)
	switch b[i] {
	case '"':
		return stringDigest(b, i)
	case '{':
		return objectDigest(b, i)
	case '[':
		return arrayDigest(b, i)
	case 't':
		return i + len("true"), tagDigest(tagTrue)
	case 'f':
		return i + len("false"), tagDigest(tagFalse)
	case 'n':
		return i + len("null"), tagDigest(tagNull)
	default:
		end, _, _ := scan.Number(b, i)
		return end, numberDigest(b[i:end])
	}
}

func stringDigest(b []byte, i int) (int, digest) {
	end, _, flags := scan.String(b, i+1)
	raw := b[i+1 : end]
	if flags&scan.Escaped == 0 {
		return end + 1, bytesDigest(tagString, raw)
	}
	var room [64]byte
	return end + 1, bytesDigest(tagString, scan.AppendUnescaped(room[:0], raw))
}

func numberDigest(token []byte) digest {
	d, ok := number.Parse(token)
	if !ok {
		return digest{unknown: true}
	}
	var h maphash.Hash
	h.SetSeed(hashSeed)
	_ = h.WriteByte(tagNumber)
	exp, negative := d.Digits(func(c byte) { _ = h.WriteByte(c) })
	x := h.Sum64()
	_ = h.WriteByte(0xA5)
	out := digest{a: x, b: h.Sum64()}.with(digest{a: uint64(exp), b: uint64(exp)})
	if negative {
		out = out.with(digest{a: 1, b: 1})
	}
	return out
}

func arrayDigest(b []byte, i int) (int, digest) {
	d := tagDigest(tagArray)
	i = scan.Space(b, i+1)
	for b[i] != ']' {
		var item digest
		i, item = digestOf(b, i)
		d = d.with(item)
		i = scan.Space(b, i)
		if b[i] == ',' {
			i = scan.Space(b, i+1)
		}
	}
	return i + 1, d
}

// objectDigest adds up its members, since their order does not matter.
func objectDigest(b []byte, i int) (int, digest) {
	var sum digest
	i = scan.Space(b, i+1)
	for b[i] != '}' {
		var key, value digest
		i, key = stringDigest(b, i)
		i = scan.Space(b, i) + 1
		i, value = digestOf(b, i)
		member := key.with(value).with(digest{a: mulA, b: mulB})
		sum.a += member.a
		sum.b += member.b
		sum.unknown = sum.unknown || member.unknown
		i = scan.Space(b, i)
		if b[i] == ',' {
			i = scan.Space(b, i+1)
		}
	}
	return i + 1, tagDigest(tagObject).with(sum)
}
