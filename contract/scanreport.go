package contract

import (
	"fmt"
	"strconv"

	"github.com/parley-contracts/parley/contract/internal/jsonscan"
)

// reportScan turns what the scan of a JSON body found into findings.
func (k *check) reportScan(s *site, scan jsonscan.Report) {
	k.dropped = k.dropped || scan.Capped
	for _, f := range scan.Faults {
		at := s.at
		at.Pointer = f.Pointer
		rule, message := scanWording(f, k.contract.config.MaxDepth)
		k.add(rule, at, s.scope.basis(""), message)
	}
}

func scanWording(f jsonscan.Fault, maxDepth int) (Rule, string) {
	offset := strconv.Itoa(f.Offset)
	switch f.Kind {
	case jsonscan.Empty:
		return RuleBodyMissing, "holds nothing but white space"
	case jsonscan.TrailingBytes:
		return RuleJSONTrailingBytes, "has bytes after the JSON value, at offset " + offset
	case jsonscan.Depth:
		return RuleJSONDepth, fmt.Sprintf("nests deeper than %d levels, at offset %s", maxDepth, offset)
	case jsonscan.UTF8:
		return RuleJSONUTF8, "is a string that is not valid Unicode, at offset " + offset
	case jsonscan.DuplicateName:
		return RuleJSONDuplicateName, fmt.Sprintf("is a second member %q of its object, at offset %s", short(f.Name), offset)
	case jsonscan.CaseTwin:
		return RuleJSONCaseTwin, fmt.Sprintf("is a member %q that differs only in case from %q, at offset %s", short(f.Name), short(f.Twin), offset)
	default:
		return RuleJSONSyntax, "is not JSON, at offset " + offset
	}
}
