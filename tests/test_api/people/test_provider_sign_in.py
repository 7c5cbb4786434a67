"""Sign in by an identity provider: a whole one of another maker, and one that lies."""

import base64
import hmac
import json
import time
import warnings
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.testclient import TestClient

from api.app import create_app
from api.people.provider_sign_in import LONGEST
from api.settings import SettingError, Settings
from api.workspace.workspace import Workspace
from layers.audit.audit_trail import Search
from layers.model import Sensitivity
from layers.people.model import Role
from tests.test_api.people.conftest import NOW, Clock

# The provider's maker calls its own library as a former release wants it.
pytestmark = pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning")

ME = "/api/v1/session"
GOOD, FOREIGN = RSAKey.generate_key(2048), RSAKey.generate_key(2048)
Forge = Callable[[dict[str, object]], str]


def browser(folder: Path, issuer: str, clock: Clock, *, with_secret: bool = True) -> TestClient:
    secret = folder / "secret"
    secret.write_text("what the provider gave\n")
    settings = Settings(
        data_dir=folder, oidc_client_secret_file=secret if with_secret else None, access="accounts", allowed_hosts=("testserver",), oidc_issuer=issuer,
        oidc_client_id="ftzgis",
    )  # fmt: skip
    workspace = Workspace(settings, now=clock)
    if not workspace.people.exists:
        for name, role in (("zhang.san", Role.PLANNER), ("root", Role.ADMINISTRATOR)):
            workspace.people.add(name, name, [role], Sensitivity.INTERNAL, NOW)
        own = workspace.people.reset_password("root")
        assert workspace.people.set_password("root", own, "root-own-password")
    return TestClient(
        create_app(settings, workspace), client=("127.0.0.1", 50000), follow_redirects=False,
        raise_server_exceptions=False,
    )  # fmt: skip


def store_of(client: TestClient) -> Workspace:
    return client.app.state.workspace


def sent_away(client: TestClient, lang: str = "en") -> str:
    answer = client.get(f"/sign-in-by-provider?lang={lang}")
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with warnings.catch_warnings():
        import authlib.deprecate  # noqa: F401 - its warnings are shown come what may

        warnings.simplefilter("ignore")
        import oidc_provider_mock
    users = [
        oidc_provider_mock.User(sub="7", claims={"preferred_username": "Zhang.San"}),
        oidc_provider_mock.User(sub="8", claims={"preferred_username": "zhang.san"}),
        oidc_provider_mock.User(sub="9", claims={"preferred_username": "root"}),
        oidc_provider_mock.User(sub="10", claims={"preferred_username": "li.si"}),
        oidc_provider_mock.User(sub="11", claims={}),
    ]
    with oidc_provider_mock.run_server_in_thread(user_claims=users) as server:
        yield f"http://localhost:{server.server_port}"


def agreed(address: str, sub: str) -> str:
    """Sign in at the provider as a person would; return the path to come back to."""
    answer = requests.post(address, data={"sub": sub}, allow_redirects=False, timeout=10)
    back = urlsplit(answer.headers["location"])
    assert back.netloc == "testserver"
    return f"{back.path}?{back.query}"


def test_somebody_is_let_in_and_stays_the_same_person(
    tmp_path: Path, provider: str, clock: Clock
) -> None:
    client = browser(tmp_path, provider, clock)
    assert "sign-in-by-provider?lang=en" in client.get("/sign-in?lang=en").text
    address = sent_away(client, "zh")
    asked = parse_qs(urlsplit(address).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert {"state", "nonce", "code_challenge"} <= set(asked)
    answer = client.get(agreed(address, "7"))
    assert answer.status_code == 200
    assert "url=.?lang=zh" in answer.text
    said = client.get(ME).json()
    assert (said["id"], said["roles"], said["must_change"]) == ("zhang.san", ["planner"], False)
    assert 'type="password"' not in client.get("/account").text  # There is none to change.
    # The name is another person's now: the account is not.
    other = browser(tmp_path, provider, clock)
    refused = other.get(agreed(sent_away(other), "8"))
    assert refused.status_code == 409
    assert "zhang.san" in refused.text
    assert other.get(ME).status_code == 401
    # An administrator hands the account over.
    store_of(other).people.reset_password("zhang.san")
    assert client.get(ME).status_code == 401
    assert other.get(agreed(sent_away(other), "8")).status_code == 200
    assert client.get(agreed(sent_away(client), "7")).status_code == 409


def test_a_name_at_the_provider_is_no_way_into_an_account_in_use(
    tmp_path: Path, provider: str, clock: Clock
) -> None:
    client = browser(tmp_path, provider, clock)
    assert client.get(agreed(sent_away(client), "9")).status_code == 409
    assert client.get(ME).status_code == 401
    assert store_of(client).people.has_password("root", "root-own-password")


@pytest.mark.parametrize("sub", ["10", "11"], ids=["no account", "no name"])
def test_who_has_no_account_is_told(tmp_path: Path, provider: str, clock: Clock, sub: str) -> None:
    client = browser(tmp_path, provider, clock)
    answer = client.get(agreed(sent_away(client), sub))
    assert answer.status_code == 401
    assert ("li.si" in answer.text) == (sub == "10")
    assert client.get(ME).status_code == 401


def test_an_account_that_is_shut_stays_shut(tmp_path: Path, provider: str, clock: Clock) -> None:
    client = browser(tmp_path, provider, clock)
    assert client.get(agreed(sent_away(client), "7")).status_code == 200
    store_of(client).people.change("zhang.san", disabled=True)
    assert client.get(ME).status_code == 401
    assert client.get(agreed(sent_away(client), "7")).status_code == 401
    trail, _ = store_of(client).audit.search(Search(), 9)
    assert [one.deed.result for one in trail] == ["refused", "done"]


def test_nobody_is_signed_in_as_somebody_else(tmp_path: Path, provider: str, clock: Clock) -> None:
    attacker, victim = (browser(tmp_path, provider, clock) for _ in range(2))
    back = agreed(sent_away(attacker), "7")
    # The victim's browser began no sign-in, or another one.
    assert victim.get(back).status_code == 401
    sent_away(victim)
    assert victim.get(back).status_code == 401
    assert victim.get(ME).status_code == 401


def test_a_sign_in_ends_once_and_not_too_late(tmp_path: Path, provider: str, clock: Clock) -> None:
    client = browser(tmp_path, provider, clock)
    back = agreed(sent_away(client), "7")
    assert client.get(back).status_code == 200
    assert client.get(back).status_code == 401
    late = agreed(sent_away(client), "7")
    clock.now += LONGEST + timedelta(seconds=1)
    assert client.get(late).status_code == 401
    clock.now = NOW


class Liar(ThreadingHTTPServer):
    """A provider that answers as a test wants it to."""

    forge: Forge
    nonce = ""
    keys = (GOOD,)

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def claims(self) -> dict[str, object]:
        return {
            "iss": self.issuer, "aud": "ftzgis", "sub": "7", "nonce": self.nonce,
            "exp": int(time.time()) + 300, "preferred_username": "zhang.san",
        }  # fmt: skip


class Answer(BaseHTTPRequestHandler):
    server: Liar

    def do_GET(self) -> None:
        own = self.server.issuer
        said: dict[str, object] = {
            "issuer": own, "authorization_endpoint": f"{own}/go", "token_endpoint": f"{own}/token",
            "jwks_uri": f"{own}/keys",
        }  # fmt: skip
        if self.path == "/keys":
            said = {"keys": [key.as_dict(private=False) for key in self.server.keys]}
        self.say(said)

    def do_POST(self) -> None:
        token = self.server.forge(self.server.claims())
        self.say({"access_token": "x", "token_type": "bearer", "id_token": token})

    def say(self, what: object) -> None:
        data = json.dumps(what).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def liar() -> Iterator[Liar]:
    server = Liar(("127.0.0.1", 0), Answer)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def signed(claims: dict[str, object], key: RSAKey = GOOD) -> str:
    return jwt.encode({"alg": "RS256"}, claims, key)


def part(what: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(what).encode()).rstrip(b"=").decode()


def unsigned(claims: dict[str, object], alg: str = "none") -> str:
    return f"{part({'alg': alg})}.{part(claims)}."


def mixed(claims: dict[str, object]) -> str:
    head, _, signature = signed({**claims, "sub": "8"}).split(".")
    return f"{head}.{part(claims)}.{signature}"


def with_own_key(claims: dict[str, object]) -> str:
    header = {"alg": "RS256", "jwk": FOREIGN.as_dict(private=False)}
    return jwt.encode(header, claims, FOREIGN, algorithms=["RS256"])


def by_secret(claims: dict[str, object]) -> str:
    """Sign by hand with what everybody knows, as libraries refuse to."""
    said = f"{part({'alg': 'HS256'})}.{part(claims)}"
    signature = hmac.digest(GOOD.as_pem(private=False), said.encode(), "sha256")
    return f"{said}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


FORGERIES: dict[str, Forge] = {
    "none": unsigned,
    "NoNe": lambda said: unsigned(said, "NoNe"),
    "public key as secret": by_secret,
    "another key": lambda said: signed(said, FOREIGN),
    "its own key in the header": with_own_key,
    "tampered": mixed,
    "no token": lambda _: "x",
    "another client": lambda said: signed({**said, "aud": "other"}),
    "for another party": lambda said: signed({**said, "aud": ["ftzgis", "b"], "azp": "b"}),
    "another issuer": lambda said: signed({**said, "iss": "https://evil.example"}),
    "ended": lambda said: signed({**said, "exp": int(time.time()) - 3600}),
    "without end": lambda said: signed({k: v for k, v in said.items() if k != "exp"}),
    "another sign-in": lambda said: signed({**said, "nonce": "0" * 43}),
    "no nonce": lambda said: signed({k: v for k, v in said.items() if k != "nonce"}),
    "no subject": lambda said: signed({**said, "sub": ""}),
    "a number for a name": lambda said: signed({**said, "preferred_username": 7}),
}


def come_back(client: TestClient, liar: Liar) -> int:
    asked = parse_qs(urlsplit(sent_away(client)).query)
    liar.nonce = asked["nonce"][0]
    return client.get("/signed-in", params={"code": "x", "state": asked["state"][0]}).status_code


@pytest.mark.parametrize("how", FORGERIES)
def test_a_forged_answer_lets_nobody_in(tmp_path: Path, liar: Liar, clock: Clock, how: str) -> None:
    client = browser(tmp_path, liar.issuer, clock, with_secret=False)
    liar.forge = FORGERIES[how]
    assert come_back(client, liar) == 401
    liar.forge = signed  # That it was the forgery, and nothing else.
    assert come_back(client, liar) == 200
    assert client.get(ME).json()["id"] == "zhang.san"


def test_a_provider_that_is_not_there_is_said(tmp_path: Path, clock: Clock) -> None:
    client = browser(tmp_path, "http://127.0.0.1:9", clock)
    answer = client.get("/sign-in-by-provider?lang=en")
    assert answer.status_code == 503
    assert "does not answer" in answer.text
    assert 'name="password"' in answer.text


def test_a_provider_is_another_s_if_it_says_another_name(
    tmp_path: Path, liar: Liar, clock: Clock
) -> None:
    client = browser(tmp_path, liar.issuer.replace("127.0.0.1", "localhost"), clock)
    assert client.get("/sign-in-by-provider").status_code == 503


def test_without_a_provider_the_way_there_is_closed(nobody: TestClient) -> None:
    assert nobody.get("/sign-in-by-provider").status_code == 404
    assert nobody.get("/signed-in").status_code == 404
    assert "sign-in-by-provider" not in nobody.get("/sign-in").text


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"oidc_issuer": None}, "FTZGIS_OIDC_ISSUER"),
        ({"oidc_client_id": None}, "FTZGIS_OIDC_CLIENT_ID"),
        ({"oidc_issuer": "http://gis.example"}, "FTZGIS_OIDC_ISSUER"),
        ({"oidc_client_secret_file": Path("/nowhere/secret")}, "FTZGIS_OIDC_CLIENT_SECRET_FILE"),
    ],
)
def test_a_half_set_provider_is_refused_at_the_start(
    tmp_path: Path, wrong: dict[str, object], name: str
) -> None:
    said = {"oidc_issuer": "https://id.example", "oidc_client_id": "ftzgis", **wrong}
    with pytest.raises(SettingError) as found:
        create_app(Settings(data_dir=tmp_path, **said))
    assert found.value.params["name"] == name
