package contract

// Rule is the stable kebab-case name of a kind of finding.
type Rule string

// The rules. Rules lists them with their descriptions.
const (
	RulePathUnknown       Rule = "path-unknown"
	RulePathTrailingSlash Rule = "path-trailing-slash"
	RuleMethodUnknown     Rule = "method-unknown"
	RuleTargetInvalid     Rule = "target-invalid"
	RuleTooManyHeaders    Rule = "too-many-headers"

	RuleParameterMissing    Rule = "parameter-missing"
	RuleParameterInvalid    Rule = "parameter-invalid"
	RuleParameterRepeated   Rule = "parameter-repeated"
	RuleParameterUndeclared Rule = "parameter-undeclared"
	RuleSecurityMissing     Rule = "security-missing"

	RuleContentTypeMissing Rule = "content-type-missing"
	RuleContentTypeUnknown Rule = "content-type-unknown"
	RuleBodyMissing        Rule = "body-missing"
	RuleBodyUnexpected     Rule = "body-unexpected"
	RuleBodyTooLarge       Rule = "body-too-large"
	RuleBodyEncoding       Rule = "body-encoding"

	RuleJSONSyntax        Rule = "json-syntax"
	RuleJSONTrailingBytes Rule = "json-trailing-bytes"
	RuleJSONDepth         Rule = "json-depth"
	RuleJSONUTF8          Rule = "json-utf8"
	RuleJSONDuplicateName Rule = "json-duplicate-name"
	RuleJSONCaseTwin      Rule = "json-case-twin"
	RuleJSONNumber        Rule = "json-number"

	RuleType               Rule = "schema-type"
	RuleNull               Rule = "schema-null"
	RuleRequired           Rule = "schema-required"
	RuleEnum               Rule = "schema-enum"
	RuleFormat             Rule = "schema-format"
	RulePattern            Rule = "schema-pattern"
	RuleMinLength          Rule = "schema-min-length"
	RuleMaxLength          Rule = "schema-max-length"
	RuleMinimum            Rule = "schema-minimum"
	RuleMaximum            Rule = "schema-maximum"
	RuleMultipleOf         Rule = "schema-multiple-of"
	RuleMinItems           Rule = "schema-min-items"
	RuleMaxItems           Rule = "schema-max-items"
	RuleUniqueItems        Rule = "schema-unique-items"
	RuleMinProperties      Rule = "schema-min-properties"
	RuleMaxProperties      Rule = "schema-max-properties"
	RulePropertyForbidden  Rule = "property-forbidden"
	RulePropertyUndeclared Rule = "property-undeclared"
	RuleReadOnly           Rule = "schema-read-only"
	RuleWriteOnly          Rule = "schema-write-only"
	RuleAllOf              Rule = "schema-all-of"
	RuleAnyOf              Rule = "schema-any-of"
	RuleOneOf              Rule = "schema-one-of"
	RuleNot                Rule = "schema-not"
	RuleDiscriminator      Rule = "schema-discriminator"

	RuleStatusUndeclared Rule = "status-undeclared"
	RuleHeaderMissing    Rule = "header-missing"
	RuleHeaderInvalid    Rule = "header-invalid"
	RuleCheckBudget      Rule = "check-budget"
	RuleCheckFailed      Rule = "check-failed"
)
