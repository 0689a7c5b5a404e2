#!/bin/sh
# Generates clients in other languages from the contracts, with the generators
# these use, and has each ask the reference server a question.
#
#   examples/languages.sh                      all
#   examples/languages.sh typescript python    some
#
# Needs Go, and Node.js 20, Python 3.11 or Java 17 with Maven for its language.
# Everything downloaded or built stays in .cache; PARLEY may name a parley
# command to use instead of building one.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
cache=$root/.cache
documents=$cache/documents
question='How do I reset my password?'
if [ $# -eq 0 ]; then set -- typescript python java; fi

mkdir -p "$documents" "$cache/languages"
for contract in openapi-v1 openapi-v2; do
	"$root/cmd/parleygen/dev.sh" run . -contract $contract -document -simplify -o "$documents/$contract.yaml"
done
parley=${PARLEY:-$cache/languages/parley}
if [ -z "${PARLEY:-}" ]; then
	(cd "$root" && GOWORK=off go build -o "$parley" ./cmd/parley)
fi

state=$(mktemp -d)
server=
stop() {
	if [ -n "$server" ]; then
		kill "$server" 2>/dev/null || true
		wait "$server" 2>/dev/null || true
	fi
	rm -rf "$state"
}
trap stop EXIT
trap 'exit 130' INT TERM

"$parley" serve --listen 127.0.0.1:0 --port-file "$state/port" --key-file "$state/key" \
	>"$state/log" 2>&1 &
server=$!
tries=0
until [ -s "$state/port" ] && [ -s "$state/key" ]; do
	tries=$((tries + 1))
	if [ $tries -gt 150 ] || ! kill -0 "$server" 2>/dev/null; then
		echo "languages: error: the reference server did not start" >&2
		cat "$state/log" >&2
		exit 3
	fi
	sleep 0.2
done
MAAX_BASE_URL=http://127.0.0.1:$(cat "$state/port")
MAAX_API_KEY=$(cat "$state/key")
export MAAX_BASE_URL MAAX_API_KEY

# quietly COMMAND... shows what a command says only when it fails.
quietly() {
	"$@" >"$state/output" 2>&1 || {
		cat "$state/output" >&2
		exit 3
	}
}

# answered LANGUAGE COMMAND... fails unless the command prints an answer.
answered() {
	language=$1
	shift
	answer=$("$@")
	if [ -z "$answer" ]; then
		echo "languages: error: $language got no answer" >&2
		exit 1
	fi
	echo "$language: $answer"
}

run_typescript() {
	cd "$here/typescript"
	quietly npm ci --ignore-scripts --no-audit --no-fund --cache "$root/.npmcache"
	quietly npm run generate
	quietly npm run build
	answered typescript node build/ask.js "$question"
}

run_python() {
	cd "$here/python"
	environment=$cache/languages/python
	# Made anew only when what it holds is not what is asked for.
	if ! cmp -s requirements.txt "$environment/requirements.txt"; then
		rm -rf "$environment"
		python3 -m venv "$environment"
		quietly "$environment/bin/pip" install --disable-pip-version-check -r requirements.txt
		cp requirements.txt "$environment/"
	fi
	for version in v1 v2; do
		quietly "$environment/bin/openapi-python-client" generate --path "$documents/openapi-$version.yaml" \
			--config config.yaml --meta none --output-path maax_$version --overwrite --fail-on-warning
	done
	answered python "$environment/bin/python" ask.py "$question"
}

run_java() {
	cd "$here/java"
	quietly mvn -B -ntp -Dmaven.repo.local="$cache/m2" clean compile dependency:build-classpath \
		-Dmdep.outputFile=target/classpath -Ddocuments="$documents"
	answered java "${JAVA_HOME:+$JAVA_HOME/bin/}java" -cp "target/classes:$(cat target/classpath)" com.example.Ask "$question"
}

for language in "$@"; do
	case $language in
	typescript | python | java) "run_$language" ;;
	*)
		echo "languages: error: $language: no such example" >&2
		echo "languages: hint: use typescript, python or java" >&2
		exit 2
		;;
	esac
done
