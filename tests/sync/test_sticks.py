"""Without a network: the same numbers by a file on a stick, both ways, however often it is carried."""

import random

from central.importing_files import ImportedFile, RefusedFile, import_file
from central.texts import words
from contract import keys, signed_files
from floor_app.sync import stick
from tests.sync.town import Member, Town


def carried(town: Town, atelier: Member) -> ImportedFile:
    found = import_file(town.centre.process, stick.write_file(atelier.floor.atelier).content, t=words())
    assert isinstance(found, ImportedFile)
    return found


def test_a_stick_carries_a_day_there_and_its_receipt_back(town: Town) -> None:
    atelier = town.member()
    bundles = atelier.begin_order()
    atelier.count(bundles[:5], "cut", "sew", "finish")
    receipt = carried(town, atelier).receipt
    assert atelier.agrees_with_centre()
    read = stick.read_receipt(atelier.floor.atelier, receipt)
    assert (read.code, read.sent, read.refused) == ("read", 1, 0)
    assert stick.write_file(atelier.floor.atelier).days == 0
    assert [(one.cause, one.outcome) for one in atelier.attempts] == [("file", "done")]


def test_a_stick_carried_twice_and_read_twice_changes_nothing(town: Town) -> None:
    atelier = town.member()
    atelier.count(atelier.begin_order()[:5], "cut", "sew")
    content = stick.write_file(atelier.floor.atelier).content
    receipts = []
    for _ in range(2):
        found = import_file(town.centre.process, content, t=words())
        assert isinstance(found, ImportedFile)
        receipts.append(found.receipt)
    for receipt in [*receipts, *receipts]:
        assert stick.read_receipt(atelier.floor.atelier, receipt).code == "read"
    assert atelier.agrees_with_centre()
    assert atelier.sync().attempt.sent == 0


def test_a_receipt_of_before_does_not_confirm_what_was_counted_since(town: Town) -> None:
    atelier = town.member()
    bundles = atelier.begin_order()
    receipt = carried(town, atelier).receipt
    atelier.count(bundles[:5], "cut", "sew", "finish")
    atelier.sync()
    assert stick.read_receipt(atelier.floor.atelier, receipt).sent == 0
    assert atelier.agrees_with_centre()
    assert atelier.sync().attempt.outcome == "done"


def test_stick_and_network_may_be_used_in_turn(town: Town) -> None:
    atelier = town.member()
    bundles = atelier.begin_order()
    for number, each in enumerate(bundles):
        atelier.count([each], "cut", "sew", "finish")
        if number % 3 == 0:
            stick.read_receipt(atelier.floor.atelier, carried(town, atelier).receipt)
        elif number % 3 == 1:
            carried(town, atelier)  # the receipt was lost on the way back
        else:
            assert atelier.sync().attempt.outcome == "done"
    atelier.sync()
    assert atelier.agrees_with_centre()


def test_a_damaged_file_is_refused_whole(town: Town) -> None:
    atelier = town.member()
    atelier.begin_order()
    content = stick.write_file(atelier.floor.atelier).content
    receipt = carried(town, atelier).receipt
    chance = random.Random(7)
    for _ in range(60):
        place, bit = chance.randrange(len(content)), 1 << chance.randrange(8)
        bad = content[:place] + bytes([content[place] ^ bit]) + content[place + 1 :]
        assert isinstance(import_file(town.centre.process, bad, t=words()), RefusedFile)
        place = chance.randrange(len(receipt))
        bad = receipt[:place] + bytes([receipt[place] ^ bit]) + receipt[place + 1 :]
        assert stick.read_receipt(atelier.floor.atelier, bad).code != "read"


def test_receipts_of_another_centre_or_for_another_atelier_are_refused(town: Town) -> None:
    atelier, lyon = town.member("ATL07"), town.member("LYON-2")
    atelier.begin_order()
    receipt = carried(town, atelier).receipt
    assert stick.read_receipt(lyon.floor.atelier, receipt).code == "other_atelier"
    said = signed_files.unpack(receipt, kind="receipt", centre_public_key=town.centre.process.key.public_key).said
    forged = signed_files.pack("receipt", said, private_key=keys.new_private_key())
    assert stick.read_receipt(atelier.floor.atelier, forged).code == "forged"
    assert (
        stick.read_receipt(atelier.floor.atelier, stick.write_file(atelier.floor.atelier).content).code == "other_kind"
    )
    assert stick.read_receipt(atelier.floor.atelier, b"rien").code == "not_ours"
