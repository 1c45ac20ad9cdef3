#!/usr/bin/env python3
"""examples/secrets.py ENVIRONMENT: makes, rotates, reveals and lists secrets of an environment (its id), with nothing but
Python's standard library.

KEEPER_SERVER is where Keeper is, such as https://keeper.example.com; KEEPER_TOKEN is the token of a service account that has
the scopes secrets:read, secrets:write, secrets:rotate and secrets:reveal."""

import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid


class Refused(Exception):
    """Keeper said no: `code` is for programs, the text and the fields are for people."""

    def __init__(self, status, error):
        super().__init__(f"{status} {error['code']}: {error['message']} {error['fields'] or ''}".strip())
        self.status, self.code, self.fields = status, error["code"], error["fields"]


class Keeper:
    def __init__(self, server, token):
        self.base, self.token = server.rstrip("/") + "/api/v1", token

    def ask(self, method, path, body=None, **headers):
        """One request. A change that was not answered is sent again under the same key, and done once."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json", **headers}
        for tries_left in (2, 1, 0):
            request = urllib.request.Request(self.base + path, data, headers, method=method)
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as refusal:
                if refusal.code not in (429, 503) or not tries_left:
                    raise Refused(refusal.code, json.load(refusal)["error"]) from None
                time.sleep(int(refusal.headers.get("Retry-After", "1")))
            except urllib.error.URLError:
                if not tries_left:
                    raise
                time.sleep(1)

    def change(self, path, body):
        return self.ask("POST", path, body, **{"Idempotency-Key": str(uuid.uuid4())})

    def secrets(self, **filters):
        """All of them, page by page."""
        while True:
            page = self.ask("GET", "/secrets?" + urllib.parse.urlencode(filters))
            yield from page["items"]
            if not page["next"]:
                return
            filters["after"] = page["next"]


def main(environment):
    keeper = Keeper(os.environ["KEEPER_SERVER"], os.environ["KEEPER_TOKEN"])
    name = f"example-python-{uuid.uuid4().hex[:12]}"
    new = {"environment_id": environment, "name": name, "secret_type": "password", "secrecy_level": "internal"}
    secret = keeper.change("/secrets", {**new, "value": "the first value"})
    print(f"made {secret['name']}, secret {secret['id']}")
    try:
        keeper.change("/secrets", {**new, "value": "another"})
    except Refused as refusal:
        print(f"refused, as it should be: {refusal.code} {refusal.fields}")
    rotation = keeper.change(f"/secrets/{secret['id']}/rotate", {"reason": "an example"})
    print(f"rotated: {rotation['status']}")
    # Each value that is read is an event in the audit log, with this reason.
    revealed = keeper.ask("POST", f"/secrets/{secret['id']}/reveal", {"reason": "an example"})
    assert revealed["value"] != "the first value"
    print(f"revealed version {revealed['version']}, {revealed['length']} bytes")
    for found in keeper.secrets(environment=environment, q=name):
        print(f"listed {found['name']}, version {found['current_version']}")


if __name__ == "__main__":
    main(int(sys.argv[1]))
