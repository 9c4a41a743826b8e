"""``assay serve``: the web application of the case work."""

from __future__ import annotations

from pathlib import Path

import click

from assay.errors import UsageError

_LOCAL = ("127.0.0.1", "localhost", "::1")


@click.command()
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("assay-data"),
    show_default=True,
    help="Folder of this house: database, keys, letters. Made at the first start.",
)
@click.option(
    "--database",
    metavar="FILE|URL",
    help="Another SQLite file, or postgresql://USER@HOST/DATABASE.  [default: DATA/cases.db]",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Port."
)
@click.option(
    "--url",
    help="Address that people reach it under, such as https://cases.example.org. "
    "[default: http://HOST:PORT]",
)
@click.option(
    "--behind-proxy",
    is_flag=True,
    help="A proxy on this machine hands requests on; its word on their origin is taken.",
)
@click.option(
    "--smtp",
    metavar="smtp://USER@HOST:PORT",
    help="Mail server for letters, with TLS or on this machine; the password comes from "
    "ASSAY_SMTP_PASSWORD. [default: letters become files in DATA/outbox]",
)
@click.option(
    "--mail-from", default="cases@localhost", show_default=True, help="Sender of letters."
)
@click.option(
    "--oidc",
    metavar="https://…",
    help="An OpenID Connect service that people can sign in with too, by the issuer's address; "
    "the secret comes from ASSAY_OIDC_SECRET.",
)
@click.option("--oidc-client", metavar="ID", help="What that service calls this house.")
@click.option(
    "--private-webhooks",
    is_flag=True,
    help="Webhooks may lead to addresses of private networks, and of this machine.",
)
@click.option("--name", help="What a new log is called, such as example.org/cases.")
def serve(
    data: Path,
    database: str | None,
    host: str,
    port: int,
    url: str | None,
    behind_proxy: bool,
    smtp: str | None,
    mail_from: str,
    oidc: str | None,
    oidc_client: str | None,
    private_webhooks: bool,
    name: str | None,
) -> None:
    """Serve notices, decisions, appeals and the register as a web application.

    One process, and SQLite unless --database says otherwise. At the first start it prints the
    address of the set-up: whoever opens it becomes the administrator.
    """
    import uvicorn

    from assay.settings import read_settings
    from assay.web.app import make_app
    from assay.web.house import ServeOptions, open_house
    from assay.web.openid import OpenIdOptions

    if host not in _LOCAL and url is None:
        raise UsageError(
            "listening to other machines needs the address that they use",
            fix="say --url https://…; a proxy with TLS in front of it keeps passwords secret",
        )
    if (oidc is None) != (oidc_client is None):
        raise UsageError("an outside service needs both", fix="say --oidc and --oidc-client")
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    url, settings = url or f"http://{place}", read_settings()
    openid = None
    if oidc is not None and oidc_client is not None:
        openid = OpenIdOptions(oidc, oidc_client, settings.oidc_secret)
    house = open_house(
        ServeOptions(
            data=data,
            database=database,
            url=url,
            smtp=smtp,
            smtp_password=settings.smtp_password,
            sender=mail_from,
            log_name=name,
            openid=openid,
            private_webhooks=private_webhooks,
        )
    )
    if house.setup_token is not None:
        click.echo("This house is new. Set it up here, once:")
        click.echo(f"  {house.url}/setup?token={house.setup_token}")
    else:
        click.echo(f"Serving {house.accounts.name()} at {house.url}")
    click.echo("Stop with Ctrl-C.")
    uvicorn.run(
        make_app(house),
        host=host,
        port=port,
        # Addresses hold secret links: nothing writes them down.
        access_log=False,
        log_level="warning",
        proxy_headers=behind_proxy,
        forwarded_allow_ips="127.0.0.1,::1" if behind_proxy else "",
        server_header=False,
        timeout_graceful_shutdown=10,
    )
