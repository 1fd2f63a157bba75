"""The figures of a night."""

from __future__ import annotations

from reservas.domain.summary import Came, by_hour, figures


def test_each_reservation_counts_once_and_a_cancelled_one_nowhere_else() -> None:
    rows = [
        Came(4, 4, "En Camino"),
        Came(4, 5, "Activa"),
        Came(2, 0, "Reserva Caída"),
        Came(3, 0, "En Progreso"),
        Came(9, 0, "Cancelado"),
    ]
    assert figures(rows) == {
        "reservas": 4,
        "cubiertosReservados": 13,
        "llegaron": 2,
        "cubiertos": 9,
        "noShows": 1,
        "cubiertosNoShow": 2,
        "pendientes": 1,
        "canceladas": 1,
    }


def test_the_hours_are_in_the_order_of_the_night() -> None:
    arrivals = [("00:10", 2, True), ("21:59", 3, True), ("21:00", 4, False), ("04:05", 1, True)]
    assert by_hour(arrivals, "04:00") == [
        {"hora": "04:00", "reservas": 1, "sinReserva": 0},
        {"hora": "21:00", "reservas": 3, "sinReserva": 4},
        {"hora": "00:00", "reservas": 2, "sinReserva": 0},
    ]
