"""The HTTP routes: each view parses, authorises, makes one service call and answers."""

from reservas.web import (
    devices,
    events,
    health,
    login,
    pages,
    reservas,
    scanners,
    scans,
    stats,
    tickets,
    walkins,
)

BLUEPRINTS = (
    pages.bp,
    login.bp,
    health.bp,
    events.bp,
    stats.bp,
    scans.bp,
    scanners.bp,
    devices.bp,
    reservas.bp,
    tickets.bp,
    walkins.bp,
)
