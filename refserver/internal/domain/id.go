package domain

import (
	"encoding/base32"
	"fmt"
	"io"
	"strings"
	"time"
)

// NewUUID reads a new random UUID from random.
func NewUUID(random io.Reader) (string, error) {
	var b [16]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", fmt.Errorf("read randomness for a UUID: %w", err)
	}
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80 // version 4, variant of RFC 9562
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:]), nil
}

// NewRecordID makes the id of a record: its time and 80 random bits.
func NewRecordID(now time.Time, random io.Reader) (string, error) {
	var b [10]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", fmt.Errorf("read randomness for a record's id: %w", err)
	}
	return fmt.Sprintf("record_%d_%s", now.UnixMilli(), strings.ToLower(base32.StdEncoding.EncodeToString(b[:]))), nil
}
