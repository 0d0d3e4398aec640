"""What an alert says to a person: one line, the same on the page, in a mail and in a message to another program."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from central.domain import alert_rules
from central.store.alerts import Alert
from central.texts import Words
from groundwork.words import grouped_number


def told(alert: Alert, names: Mapping[str, str], t: Words) -> str:
    """`names`: of ateliers, by code."""
    said = {name: _shown(value) for name, value in alert.said.items()}
    said["atelier"] = names.get(alert.atelier, alert.atelier)
    said["subject"] = alert.subject
    if alert.kind == alert_rules.DISCREPANCY:
        said["receiver"] = names.get(str(alert.said.get("receiver")), said["receiver"])
    if alert.kind == alert_rules.SILENT:
        heard = datetime.fromtimestamp(alert.said["heard_at_ms"] / 1000, UTC)
        said["since"] = t("alerts.moment", moment=f"{heard:%d/%m/%Y %H:%M}")
    if "due" in alert.said and alert.kind == alert_rules.LATE_SHARE:
        said["due"] = f"{datetime.fromisoformat(str(alert.said['due'])):%d/%m/%Y}"
    if alert.kind in (alert_rules.GAP, alert_rules.CONFLICT):
        said["day"] = f"{datetime.fromisoformat(alert.subject):%d/%m/%Y}"
    if alert.kind == alert_rules.SHARE_REFUSED:
        said.setdefault("order", "")
        said.setdefault("reason", "")
    return t(f"alerts.says_{alert.kind}", **said)


def _shown(value: Any) -> str:
    return grouped_number(value) if isinstance(value, int) else str(value)
