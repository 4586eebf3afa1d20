"""Puts the context of RO-Crate 1.3 where rocrate-validator looks for it, so that it needs no network.

The library `rocrate` carries the context; the validator keeps what it fetched in a cache of its own,
which is filled here through its own session.
"""

import io
from importlib import resources

import requests
from requests.adapters import BaseAdapter
from rocrate_validator.utils.http import HttpRequester
from rocrate_validator.utils.paths import get_default_http_cache_path
from urllib3.response import HTTPResponse

ADDRESS = "https://w3id.org/ro/crate/1.3/context"
CONTEXT = (resources.files("rocrate") / "data" / "ro-crate.jsonld").read_bytes()
assert b"RO-Crate" in CONTEXT or b"@context" in CONTEXT


class Carried(BaseAdapter):
    def send(self, request, **_):
        response = requests.Response()
        response.request, response.url, response.status_code = request, request.url, 200
        response.headers["Content-Type"] = "application/ld+json"
        body = io.BytesIO(CONTEXT)
        response.raw = HTTPResponse(body=body, headers=response.headers, status=200, preload_content=False)
        return response

    def close(self):
        pass


# The validator looks under XDG_CACHE_HOME where that is set.
requester = HttpRequester(cache_max_age=-1, cache_path=str(get_default_http_cache_path()))
requester.session.mount("https://w3id.org", Carried())
got = requester.session.get(ADDRESS, headers={"Accept": "application/ld+json, application/json, */*;q=0.1"})
assert got.status_code == 200 and got.content == CONTEXT
