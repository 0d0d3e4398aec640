"""All bundle codes of a whole network: 84 ateliers, 100,000 bundles each, and every database once put back to an older copy."""

import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from floor_app.domain.codes import ALPHABET, RANDOMS, bundle_code
from floor_app.store.code_reserve import HighWaterMark, reserve
from floor_app.store.database import open_writer

Numbers = npt.NDArray[np.uint64]
ATELIERS, BUNDLES_EACH, A_LAY = 84, 100_000, 5_000
SAMPLE = 30_000
SITES = ["".join(letters) for letters in itertools.islice(itertools.product(ALPHABET[:-1], repeat=4), 0, 84 * 600, 600)]


def as_number(code: str) -> int:
    """Four bits a letter: two codes are the same when their numbers are."""
    return sum(ALPHABET.index(letter) << 4 * place for place, letter in enumerate(reversed(code)))


def as_code(number: int) -> str:
    return "".join(ALPHABET[number >> 4 * place & 15] for place in reversed(range(14)))


def given_sequences(folder: Path, site: str, *, lose_the_mark: bool = False) -> Numbers:
    """The numbers an atelier gives to its labels, those included that a database put back later knows nothing of."""
    database, copy, mark = folder / "floor.db", folder / "copy.db", HighWaterMark(folder / "codes-given.txt")

    def given(bundles: int) -> Iterator[range]:
        db = open_writer(database)
        for _ in range(bundles // A_LAY):
            yield reserve(db, site, A_LAY, mark)
            db.conn.commit()
        db.conn.close()

    lays = [*given(BUNDLES_EACH // 2)]
    shutil.copy(database, copy)
    lays += given(BUNDLES_EACH // 4)
    shutil.copy(copy, database)
    if lose_the_mark:
        (folder / "codes-given.txt").unlink()
    lays += given(BUNDLES_EACH // 4)
    return np.concatenate([np.arange(lay.start, lay.stop, dtype=np.uint64) for lay in lays])


def codes_of(site: str, sequences: Numbers, randoms: Numbers) -> Numbers:
    """Every code as a number, from what `bundle_code` itself makes of each pair of letters.

    Its check letters are those of a linear code, so a code is the exclusive or of the codes of its parts. Where that did
    not hold, the comparison with `bundle_code` below would say so.
    """
    codes = np.full(len(sequences), as_number(bundle_code(site, 0, 0)), dtype=np.uint64)
    for shift in (16, 8, 0):
        codes ^= _PAIRS[shift][sequences >> np.uint64(shift) & np.uint64(255)]
    return codes ^ _RANDOM_PAIRS[randoms]


_PAIRS = {
    shift: np.array([as_number(bundle_code("BBBB", pair << shift, 0)) for pair in range(256)], dtype=np.uint64)
    for shift in (16, 8, 0)
}
_RANDOM_PAIRS = np.array([as_number(bundle_code("BBBB", 0, pair)) for pair in range(RANDOMS)], dtype=np.uint64)


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> tuple[Numbers, Numbers, Numbers]:
    """(sequences, random letters, codes), one row an atelier."""
    folders = [tmp_path_factory.mktemp(site) for site in SITES]
    sequences = np.stack([given_sequences(folder, site) for folder, site in zip(folders, SITES, strict=True)])
    randoms = np.random.default_rng(84).integers(0, RANDOMS, sequences.shape, dtype=np.uint64)
    codes = np.stack([codes_of(site, *given) for site, *given in zip(SITES, sequences, randoms, strict=True)])
    return sequences, randoms, codes


def test_eighty_four_ateliers_print_eight_million_codes_and_none_twice(
    network: tuple[Numbers, Numbers, Numbers],
) -> None:
    """Each of them was once put back to an older copy of its database."""
    *_, codes = network
    assert codes.shape == (ATELIERS, BUNDLES_EACH)
    in_order = np.sort(codes, axis=None)
    assert (in_order[1:] > in_order[:-1]).all()


def test_these_are_the_codes_that_are_printed(network: tuple[Numbers, Numbers, Numbers]) -> None:
    sequences, randoms, codes = network
    places = np.random.default_rng(1).integers(0, codes.size, SAMPLE)
    for atelier, bundle in zip(*np.unravel_index(places, codes.shape), strict=True):
        made = bundle_code(SITES[atelier], int(sequences[atelier, bundle]), int(randoms[atelier, bundle]))
        assert made == as_code(int(codes[atelier, bundle]))


def test_without_the_mark_an_older_copy_would_give_its_numbers_again(tmp_path: Path) -> None:
    """So the file beside the database is what holds: this is what the test above would have found."""
    sequences = given_sequences(tmp_path, SITES[0], lose_the_mark=True)
    assert len(sequences) - len(np.unique(sequences)) == BUNDLES_EACH // 4
