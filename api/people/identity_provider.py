"""An identity provider, asked as OpenID Connect Core 1.0 says: authorization code with PKCE.

What it answers is believed for its signature alone, by keys that it publishes, with one of the
algorithms that are named here: ``none`` and keys that both sides know are not among them.
"""

import logging
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from api.errors import ProviderRefusedError, ProviderSilentError
from api.people.provider_sign_in import Challenge, Identity
from api.settings import PREFIX, SettingError, Settings

log = logging.getLogger(__name__)

_SECONDS: Final = 10
_ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384",
                      "ES512", "EdDSA", "Ed25519")  # fmt: skip
_LEEWAY_S: Final = 60
"""How far the clocks of two machines may differ."""
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_SAYS_WRONG: Final = (KeyError, TypeError, ValueError)


class IdentityProvider:
    """One provider, as the settings name it."""

    def __init__(self, settings: Settings) -> None:
        self.issuer = _required(settings, "oidc_issuer")
        self._client_id = _required(settings, "oidc_client_id")
        self._name_claim = settings.oidc_name_claim
        place = urlsplit(self.issuer)
        if place.scheme != "https" and place.hostname not in _LOOPBACK:
            raise SettingError(name=f"{PREFIX}OIDC_ISSUER", problem="not_https")
        self._secret: str | None = None
        if (file := settings.oidc_client_secret_file) is not None:
            try:
                self._secret = file.read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as exc:
                name = f"{PREFIX}OIDC_CLIENT_SECRET_FILE"
                raise SettingError(name=name, problem="unreadable_file") from exc

    def address(self, challenge: Challenge, back: str) -> str:
        """Return where a person signs in, and from where the browser comes ``back``.

        Raises
        ------
        ProviderSilentError
            The provider cannot be asked where that is.
        """
        with self._session(back) as session:
            url, _ = session.create_authorization_url(
                self._read_discovery()["authorization_endpoint"],
                state=challenge.state,
                nonce=challenge.nonce,
                code_verifier=challenge.verifier,
            )
        return str(url)

    def identity(self, challenge: Challenge, code: str, back: str) -> Identity:
        """Return who signed in, by the code that the browser came back with.

        Raises
        ------
        ProviderSilentError
            The provider cannot be asked.
        ProviderRefusedError
            It takes the code for wrong, or its answer is no proof.
        """
        said = self._read_discovery()
        try:
            with self._session(back) as session:
                token = session.fetch_token(
                    said["token_endpoint"], code=code, code_verifier=challenge.verifier,
                    timeout=_SECONDS,
                )  # fmt: skip
            keys = KeySet.import_key_set(self._get_json(said["jwks_uri"]))
            claims = self._proven(token["id_token"], keys, challenge.nonce)
            subject, name = claims["sub"], claims[self._name_claim]
        except requests.RequestException as exc:
            raise ProviderSilentError(issuer=self.issuer, seconds=_SECONDS) from exc
        except (AuthlibBaseError, JoseError, *_SAYS_WRONG) as exc:
            log.warning("the identity provider's answer is no proof: %r", exc)
            raise ProviderRefusedError from exc
        if not (isinstance(subject, str) and subject and isinstance(name, str) and name):
            log.warning("the identity provider says no %s", self._name_claim)
            raise ProviderRefusedError
        return Identity(issuer=self.issuer, subject=subject, name=name)

    def _proven(self, id_token: str, keys: KeySet, nonce: str) -> dict[str, Any]:
        """Return the claims of a token (OpenID Connect Core 1.0, section 3.1.3.7)."""
        found = jwt.decode(id_token, keys, algorithms=list(_ALGORITHMS))
        expected = jwt.JWTClaimsRegistry(
            leeway=_LEEWAY_S,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self._client_id},
            exp={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        expected.validate(found.claims)
        if found.claims.get("azp", self._client_id) != self._client_id:
            raise JoseError("azp")
        return found.claims

    def _read_discovery(self) -> dict[str, Any]:
        """Return what the provider says of itself (OpenID Connect Discovery 1.0, section 4)."""
        said: dict[str, Any] = self._get_json(
            f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
        )
        needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        if said.get("issuer") != self.issuer or not all(name in said for name in needed):
            raise ProviderSilentError(issuer=self.issuer, seconds=_SECONDS)
        return said

    def _get_json(self, address: str) -> Any:  # noqa: ANN401 - JSON
        try:
            answer = requests.get(address, timeout=_SECONDS)
            answer.raise_for_status()
            found = answer.json()
        except (requests.RequestException, ValueError) as exc:
            raise ProviderSilentError(issuer=self.issuer, seconds=_SECONDS) from exc
        if not isinstance(found, dict):
            raise ProviderSilentError(issuer=self.issuer, seconds=_SECONDS)
        return found

    def _session(self, back: str) -> Any:  # noqa: ANN401 - a class that says no types
        return OAuth2Session(
            self._client_id,
            self._secret,
            token_endpoint_auth_method="client_secret_basic" if self._secret else "none",
            scope="openid profile",
            redirect_uri=back,
            code_challenge_method="S256",
            default_timeout=_SECONDS,
        )


def _required(settings: Settings, name: str) -> str:
    found = getattr(settings, name)
    if not found:
        raise SettingError(name=PREFIX + name.upper(), problem="missing")
    return str(found)
