"""A small register that several tests read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from assay.identities.account_rows import AccountBatch
from assay.identities.compile import Compiled, compile_register
from assay.identities.impersonation import judge
from assay.identities.register import read_register
from assay.identities.weigh import Account, Weighed

TODAY = date(2026, 1, 1)
HEAD = "id,name,aliases,kind,sender,host,handles,domains,parent,sisters,proofs\n"
ROWS = (
    "fr-jp,Embassy of France in Japan,Ambassade de France au Japon,embassy,FR,JP,x:ambafrancejp,"
    "jp.ambafrance.org,,,x:ambafrancejp\n"
    "fr-de,Embassy of France in Germany,,embassy,FR,DE,x:ambafrance_de,,,,\n"
    "herald,The Morning Herald,Morning Herald,outlet,GB,,x:morningherald|bluesky:herald.example,"
    "morningherald.example,,,\n"
    "jp-mfa,Japanese Foreign Ministry,,ministry,JP,,x:mofajapan_en,mofa.example,,,\n"
    "anna,Anna Kowalska,,office-holder,PL,,x:kowalska_office,,,,\n"
    "swift,Sputnik Courier,Спутник Курьер,outlet,KZ,,telegram:sputnikcourier,,,,\n"
)


def small_register(folder: Path) -> Compiled:
    path = folder / "bodies.csv"
    path.write_text(HEAD + ROWS, encoding="utf-8")
    return compile_register(read_register(path))


def verdicts(register: Compiled, *accounts: Account) -> dict[str, Weighed]:
    return {
        account.account_id: said
        for account, said in judge(AccountBatch.of(accounts), register, TODAY)
    }
