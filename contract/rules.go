package contract

// RuleInfo describes a rule.
type RuleInfo struct {
	// Rule is the rule's name.
	Rule Rule
	// Description says what a finding of the rule means, in one sentence.
	Description string
	// Severity is that of a finding about a documented fact.
	Severity Severity
	// Graded says that the rule is about facts of the contract: a finding about
	// an inferred fact is then a warning, and the contract is to blame. Rules
	// that are not graded are about HTTP, JSON or the limits of a check.
	Graded bool
}

// Rules are all rules in the order in which a message is checked. The slice is
// the caller's.
func Rules() []RuleInfo {
	rules := make([]RuleInfo, 0, 64)
	add := func(severity Severity, graded bool, rule Rule, description string) {
		rules = append(rules, RuleInfo{Rule: rule, Description: description, Severity: severity, Graded: graded})
	}
	exchangeRules(add)
	bodyRules(add)
	schemaRules(add)
	return rules
}

func exchangeRules(add func(Severity, bool, Rule, string)) {
	const e, w = SeverityError, SeverityWarning
	add(e, false, RuleTargetInvalid, "The request target is not a path with an optional query, or an absolute URL with one.")
	add(e, true, RulePathUnknown, "No path of the contract fits the request.")
	add(e, true, RulePathTrailingSlash, "The path fits an operation but for the slash at its end.")
	add(e, true, RuleMethodUnknown, "The contract has the path, but not with this method.")
	add(e, false, RuleTooManyHeaders, "The message has more header fields than are looked at; header parameters were not checked.")
	add(e, true, RuleSecurityMissing, "The request carries none of the credentials that the operation asks for. Their values are never checked.")
	add(e, true, RuleParameterMissing, "A required parameter is missing.")
	add(e, true, RuleParameterInvalid, "A parameter's text cannot be decoded: a broken percent-escape, or not in the parameter's style.")
	add(e, true, RuleParameterRepeated, "A parameter, or a field of a form, that takes one value is given several times.")
	add(w, true, RuleParameterUndeclared, "A query parameter is not declared. Config.Undeclared sets the severity.")
	add(e, true, RuleStatusUndeclared, "The operation does not declare this status, and no default.")
	add(e, true, RuleHeaderMissing, "A required response header is missing.")
	add(e, true, RuleHeaderInvalid, "A response header's text cannot be decoded in the header's style.")
	add(e, false, RuleCheckBudget, "The check took more steps than a message may take, so that it was not finished.")
	add(w, false, RuleCheckFailed, "The check itself failed on this message, which is a fault of the checker.")
}

func bodyRules(add func(Severity, bool, Rule, string)) {
	const e, w = SeverityError, SeverityWarning
	add(e, true, RuleContentTypeMissing, "A body is given without a Content-Type.")
	add(e, true, RuleContentTypeUnknown, "The body's Content-Type is not one of those declared.")
	add(e, true, RuleBodyMissing, "A required body is missing or empty.")
	add(w, true, RuleBodyUnexpected, "A body is given where none is declared.")
	add(e, false, RuleBodyTooLarge, "The body is larger than the limit and was not checked. In a response it is a warning.")
	add(e, false, RuleBodyEncoding, "The body cannot be decoded as its Content-Encoding or Content-Type says. A warning where only the checks cannot read it.")
	add(e, false, RuleJSONSyntax, "The body is not JSON.")
	add(e, false, RuleJSONTrailingBytes, "There are bytes after the JSON value.")
	add(e, false, RuleJSONDepth, "The body nests deeper than the limit.")
	add(e, false, RuleJSONUTF8, "A JSON string is not UTF-8, or holds half of a surrogate pair.")
	add(e, false, RuleJSONDuplicateName, "An object has two members of the same name.")
	add(e, false, RuleJSONCaseTwin, "An object has two members whose names differ only in case, or one that differs only in case from a declared one. Some decoders take them for one.")
	add(e, false, RuleJSONNumber, "A number's exponent is too large for the number to be compared.")
}

func schemaRules(add func(Severity, bool, Rule, string)) {
	const e, w = SeverityError, SeverityWarning
	add(e, true, RuleType, "A value has the wrong type.")
	add(e, true, RuleNull, "A value is null where null is not allowed.")
	add(e, true, RuleRequired, "An object lacks a required property.")
	add(e, true, RuleEnum, "A value is not one of those listed.")
	add(e, true, RuleFormat, "A value does not have the format.")
	add(e, true, RulePattern, "A string does not match the pattern.")
	add(e, true, RuleMinLength, "A string is too short.")
	add(e, true, RuleMaxLength, "A string is too long.")
	add(e, true, RuleMinimum, "A number is too small.")
	add(e, true, RuleMaximum, "A number is too large.")
	add(e, true, RuleMultipleOf, "A number is not a multiple of the given one.")
	add(e, true, RuleMinItems, "An array has too few items.")
	add(e, true, RuleMaxItems, "An array has too many items.")
	add(e, true, RuleUniqueItems, "An array has two equal items.")
	add(e, true, RuleMinProperties, "An object has too few properties.")
	add(e, true, RuleMaxProperties, "An object has too many properties.")
	add(e, true, RulePropertyForbidden, "An object has a property that the contract does not allow.")
	add(w, true, RulePropertyUndeclared, "An object has a property that is not declared where others are allowed. Config.Undeclared sets the severity.")
	add(e, true, RuleReadOnly, "A request has a property that only responses may have.")
	add(e, true, RuleWriteOnly, "A response has a property that only requests may have.")
	add(e, true, RuleAllOf, "A value does not fit one of the schemas it has to fit together.")
	add(e, true, RuleAnyOf, "A value fits none of the alternatives.")
	add(e, true, RuleOneOf, "A value fits none, or more than one, of the alternatives.")
	add(e, true, RuleNot, "A value fits a schema it must not fit.")
	add(e, true, RuleDiscriminator, "The property that chooses among the alternatives is missing or has a value that chooses none.")
}
