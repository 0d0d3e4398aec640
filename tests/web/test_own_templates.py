"""An own template is what every label is drawn with: on printers, on sheets, on the screen, on the command line."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from PIL import Image

from floor_app.atelier import Atelier
from floor_app.label_drawer import LabelDrawer
from floor_app.labels import label_of
from floor_app.store import own_templates
from floor_app.store.bundles import BundleCard
from label_templates.render import render_label
from tests.label_templates.labels import bundle
from tests.web.test_sheets import LAY, PDF, address, words_in

Cut = Callable[..., tuple[BundleCard, ...]]
OURS = Path(render_label.__code__.co_filename).with_name("bundle.50x30.svg").read_text(encoding="utf-8")
OWN = OURS.replace('data-text="{{ style }}"', 'data-text="Ici {{ style }}"')


@pytest.fixture
def own(atelier: Atelier) -> Path:
    folder = own_templates.folder_in(atelier.data)
    own_templates.put(folder, "bundle.50x30.svg", OWN)
    return folder


def test_the_drawer_of_the_printers_draws_it(own: Path) -> None:
    drawer = LabelDrawer(own)
    drawn = drawer.draw("bundle", bundle(), size="50x30", dots_per_mm=8.0, width_dots=400)
    drawer.close()
    assert drawn.tobytes() == render_label("bundle", bundle(), size="50x30", own=own).tobytes()
    assert drawn.tobytes() != render_label("bundle", bundle(), size="50x30").tobytes()


def test_sheets_and_screens_show_it(
    supervisor: FlaskClient, order: Callable[..., str], bundles: Cut, own: Path
) -> None:
    card = bundles(order())[0]
    assert "IciTablier" in words_in(supervisor.get(address(PDF, **LAY, grid="3x8")).data)
    shown = Image.open(io.BytesIO(supervisor.get(f"/labels/preview/{card.code}.png").data))
    assert shown.tobytes() == render_label("bundle", label_of(card), size="50x30", own=own).tobytes()
