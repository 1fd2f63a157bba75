"""The HTTP routes: each view parses, authorises, makes one service call and answers."""

from reservas.web import (
    devices,
    door,
    events,
    guests,
    health,
    login,
    offline,
    pages,
    reservas,
    scanners,
    scans,
    stats,
    tickets,
    venues,
    waiting,
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
    venues.bp,
    door.bp,
    reservas.bp,
    tickets.bp,
    guests.bp,
    walkins.bp,
    waiting.bp,
    offline.bp,
)
