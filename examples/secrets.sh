#!/usr/bin/env bash
# examples/secrets.sh ENVIRONMENT   makes, rotates, reveals and lists secrets of an environment (its id) with curl, as a program
# does it: with the token of a service account that has the scopes secrets:read, secrets:write, secrets:rotate, secrets:reveal.
#   KEEPER_SERVER   where Keeper is, such as https://keeper.example.com
#   KEEPER_TOKEN    the token, kpr_…
set -euo pipefail
: "${KEEPER_SERVER:?}" "${KEEPER_TOKEN:?}"
environment=${1:?the id of an environment}
name=example-curl-$(date +%s)-$$

# The token goes in by a pipe: arguments can be read by everybody on the machine, and so could a body with a value.
keeper() {
    local method=$1 path=$2
    shift 2
    curl --silent --show-error --fail-with-body --max-time 30 --request "$method" --config - \
        --header 'Content-Type: application/json' "$@" "$KEEPER_SERVER/api/v1$path" \
        <<<"header = \"Authorization: Bearer $KEEPER_TOKEN\""
}
# The first field of this name.
field() { sed -E "s/\"$1\":\"?([^\",}]*).*/\n\1/; s/^[^\n]*\n//"; }

# Sent twice with one key it is done once: a program that got no answer may ask again.
secret=$(keeper POST /secrets --header "Idempotency-Key: make-$name" --data @<(printf \
    '{"environment_id": %d, "name": "%s", "secret_type": "password", "secrecy_level": "internal", "value": "the first value"}' \
    "$environment" "$name"))
id=$(sed -E 's/^\{"id":([0-9]+).*/\1/' <<<"$secret")
echo "made $name, secret $id"

# Without new_value Keeper makes one.
rotation=$(keeper POST "/secrets/$id/rotate" --header "Idempotency-Key: rotate-$name" --data '{"reason": "an example"}')
echo "rotated: $(field status <<<"$rotation")"

# Each value that is read is an event in the audit log, with this reason.
value=$(keeper POST "/secrets/$id/reveal" --data '{"reason": "an example"}' | field value)
[ "$value" != "the first value" ] && echo "revealed a value of ${#value} characters"

# A list goes on with what `next` says, as `after`.
keeper GET "/secrets?environment=$environment&q=$name" | grep -o '"name":"[^"]*"'
