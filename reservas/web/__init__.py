"""The HTTP routes: each view parses, authorises, makes one service call and answers."""

from reservas.web import (
    door,
    events,
    guests,
    health,
    login,
    offline,
    pages,
    reservas,
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
    door.bp,
    reservas.bp,
    tickets.bp,
    guests.bp,
    walkins.bp,
    offline.bp,
)
