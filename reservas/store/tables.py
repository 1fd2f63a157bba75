"""The tables: what is stored, and the constraints that the schema itself keeps."""

from __future__ import annotations

from peewee import (
    SQL,
    AutoField,
    BigIntegerField,
    BooleanField,
    Check,
    CompositeKey,
    ForeignKeyField,
    IntegerField,
    Model,
    SqliteDatabase,
    TextField,
)
from playhouse.sqlite_ext import AutoIncrementField

#: Says which SQL the query builder writes; statements run through a snapshot or transaction.
DIALECT = SqliteDatabase(None)


class Record(Model):
    class Meta:
        database = DIALECT
        legacy_table_names = False


class Venue(Record):
    id = AutoField()
    slug = TextField(unique=True)
    name = TextField()
    timezone = TextField()
    cutoff = TextField(default="04:00")
    #: Events committed so far; counted in the transaction of the change, so without a hole.
    seq = IntegerField(default=0)
    epoch = TextField()
    created_ms = BigIntegerField()
    margin_h = IntegerField(
        column_name="scan_margin_h",
        constraints=[SQL("DEFAULT 0"), Check("scan_margin_h BETWEEN 0 AND 12")],
    )
    #: People; none for no limit.
    capacity = IntegerField(null=True, constraints=[Check("capacity > 0")])
    #: Grows with each change of the floor plan.
    plan_version = IntegerField(default=0, constraints=[SQL("DEFAULT 0")])
    #: Covers that may arrive within a quarter of an hour; none for no limit.
    pacing = IntegerField(null=True, constraints=[Check("pacing > 0")])
    #: Grows when events that were told already are rewritten: what a worker has of them is old.
    rewritten = IntegerField(default=0, constraints=[SQL("DEFAULT 0")])


class Client(Record):
    id = TextField(primary_key=True)
    venue = ForeignKeyField(Venue)
    nombre = TextField()
    telefono = TextField(null=True)
    email = TextField(null=True)
    fecha_nacimiento = TextField(null=True)
    #: What the staff should know of them.
    notas = TextField(default="", constraints=[SQL("DEFAULT ''")])
    #: Name and number in the form in which they are searched: see domain/person.py.
    folded = TextField(default="", constraints=[SQL("DEFAULT ''")])
    phone_key = TextField(default="", constraints=[SQL("DEFAULT ''")])

    class Meta:
        # A search reads the third and no row that it does not show.
        indexes = (
            (("venue", "telefono"), False),
            (("venue", "phone_key"), False),
            (("venue", "folded", "phone_key", "id"), False),
        )


class Promoter(Record):
    id = TextField(primary_key=True)
    venue = ForeignKeyField(Venue, index=False)
    nombre = TextField()

    class Meta:
        indexes = ((("venue", "nombre"), True),)


class Reservation(Record):
    id = TextField(primary_key=True)
    venue = ForeignKeyField(Venue, index=False)
    client = ForeignKeyField(Client, index=False)
    promoter = ForeignKeyField(Promoter, null=True)
    numero_personas = IntegerField(constraints=[Check("numero_personas BETWEEN 1 AND 2000")])
    razon_visita = TextField(default="")
    beneficios = TextField(default="")
    fecha = TextField()
    hora = TextField()
    dia_negocio = TextField()
    mesa = TextField(default="")
    detalles = TextField(default="[]")
    estado = TextField(
        constraints=[
            Check("estado IN ('En Progreso', 'Activa', 'En Camino', 'Reserva Caída', 'Cancelado')")
        ]
    )
    comprobante_subido = BooleanField(default=False)
    comprobante_url = TextField(null=True)
    #: Grows on cancel: codes of an older version are revoked.
    ticket_version = IntegerField(default=1)
    version = IntegerField(default=1)
    created_ms = BigIntegerField()
    updated_ms = BigIntegerField()
    #: Deleting hides the row and keeps the entry log, which is append-only.
    deleted_ms = BigIntegerField(null=True)
    #: Minutes that the party stays.
    duracion = IntegerField(
        default=120, constraints=[SQL("DEFAULT 120"), Check("duracion BETWEEN 15 AND 1440")]
    )
    #: The tables chosen for it, as a JSON list of ids; held by occupancies while it is awaited or
    #: inside, and remembered when it is not.
    mesas = TextField(default="[]", constraints=[SQL("DEFAULT '[]'")])
    #: The business day whose closing made it a no-show: once, whatever became of it since.
    closed_dia = TextField(null=True)

    class Meta:
        indexes = (
            (("venue", "dia_negocio", "deleted_ms", "estado"), False),
            (("client", "dia_negocio", "deleted_ms"), False),
        )


class Entry(Record):
    """The entry log, append-only: attendance is its sum and nothing else."""

    id = AutoField()
    venue = ForeignKeyField(Venue, index=False)
    reservation = ForeignKeyField(Reservation, index=False)
    scan_id = TextField()
    cantidad = IntegerField(constraints=[Check("cantidad <> 0")])
    metodo = TextField(constraints=[Check("metodo IN ('QR', 'Manual')")])
    usuario = TextField()
    scanned_ms = BigIntegerField(null=True)
    created_ms = BigIntegerField()
    #: What was asked and answered (but for the reservation, which is shown as it is then): a
    #: repeated scan id gets the first answer again.
    request_hash = TextField()
    answer = TextField()
    #: The scan id that this entry takes back, and why; each can be taken back once.
    undoes = TextField(null=True)
    motivo = TextField(null=True)
    #: The state of the reservation before this entry; None in entries of earlier versions.
    estado_before = TextField(null=True)
    #: When it was made at the door, by the server's clock, where a phone brought it later.
    entered_ms = BigIntegerField(null=True)

    class Meta:
        # The second serves both the newest entries of a party and their sum.
        indexes = (
            (("venue", "scan_id"), True),
            (("reservation", "id", "cantidad"), False),
            (("venue", "undoes"), True),
        )


class WalkIn(Record):
    id = TextField(primary_key=True)
    venue = ForeignKeyField(Venue, index=False)
    numero_personas = IntegerField(constraints=[Check("numero_personas BETWEEN 1 AND 2000")])
    fecha = TextField()
    hora = TextField()
    dia_negocio = TextField()
    notas = TextField(default="")
    usuario = TextField()
    created_ms = BigIntegerField()
    #: When it was taken back, by whom, why, and under which scan id; None where it stands.
    undone_ms = BigIntegerField(null=True)
    undone_by = TextField(null=True)
    undone_motivo = TextField(null=True)
    undo_scan_id = TextField(null=True)
    #: Where it sits, and for how many minutes, as a reservation does; and when it left.
    mesas = TextField(default="[]", constraints=[SQL("DEFAULT '[]'")])
    duracion = IntegerField(
        default=120, constraints=[SQL("DEFAULT 120"), Check("duracion BETWEEN 15 AND 1440")]
    )
    left_ms = BigIntegerField(null=True)

    class Meta:
        indexes = (
            (("venue", "dia_negocio", "created_ms", "id"), False),
            (("venue", "undo_scan_id"), True),
        )


class Zone(Record):
    """A part of the venue that tables stand in; its id is one of the venue's own."""

    venue = ForeignKeyField(Venue, index=False)
    id = TextField()
    nombre = TextField()
    orden = IntegerField()

    class Meta:
        primary_key = CompositeKey("venue", "id")


class DiningTable(Record):
    """A table of the floor plan; lengths are centimetres, `giro` is degrees clockwise.

    Its id is one of the venue's own: a plan may say its ids, and no venue learns of another's.
    """

    venue = ForeignKeyField(Venue, index=False)
    id = TextField()
    #: None once it was taken out of the plan.
    zone = TextField(column_name="zone_id", null=True)
    nombre = TextField()
    min_personas = IntegerField(constraints=[Check("min_personas > 0")])
    max_personas = IntegerField(constraints=[Check("max_personas >= min_personas")])
    forma = TextField(
        constraints=[Check("forma IN ('redonda', 'cuadrada', 'rectangular', 'barra')")]
    )
    x = IntegerField()
    y = IntegerField()
    w = IntegerField(constraints=[Check("w > 0")])
    h = IntegerField(constraints=[Check("h > 0")])
    giro = IntegerField()
    #: Since when it waits to be cleared; None when it is ready.
    to_clear_ms = BigIntegerField(null=True)
    #: When it was taken out of the plan; its occupancies of earlier nights stay.
    removed_ms = BigIntegerField(null=True)

    class Meta:
        primary_key = CompositeKey("venue", "id")
        constraints = (
            SQL('FOREIGN KEY ("venue_id", "zone_id") REFERENCES "zone" ("venue_id", "id")'),
            Check("(zone_id IS NULL) = (removed_ms IS NOT NULL)"),
        )


class Joinable(Record):
    """Two tables that may be joined, the smaller id first."""

    venue = ForeignKeyField(Venue, index=False)
    table = TextField(column_name="table_id")
    other = TextField(column_name="other_id")

    class Meta:
        primary_key = CompositeKey("venue", "table", "other")
        constraints = (
            SQL(
                'FOREIGN KEY ("venue_id", "table_id") REFERENCES "dining_table" ("venue_id", "id")'
            ),
            SQL(
                'FOREIGN KEY ("venue_id", "other_id") REFERENCES "dining_table" ("venue_id", "id")'
            ),
            Check("table_id < other_id"),
        )


class Occupancy(Record):
    """A table is held from `from_ms` until just before `until_ms`.

    A trigger keeps two of one table from overlapping, save one that somebody has put there over
    another by choice (`forced_by`, with `forced_motivo`).
    """

    id = AutoField()
    venue = ForeignKeyField(Venue, index=False)
    table = TextField(column_name="table_id")
    reservation = ForeignKeyField(Reservation, null=True, index=False)
    walk_in = ForeignKeyField(WalkIn, null=True, index=False)
    from_ms = BigIntegerField()
    until_ms = BigIntegerField()
    forced_by = TextField(null=True)
    forced_motivo = TextField(null=True)

    class Meta:
        constraints = (
            SQL(
                'FOREIGN KEY ("venue_id", "table_id") REFERENCES "dining_table" ("venue_id", "id")'
            ),
            # As long as LONGEST_MS of occupancies.py: nobody looks further back.
            Check("until_ms - from_ms BETWEEN 1 AND 259200000"),
            Check("(reservation_id IS NULL) <> (walk_in_id IS NULL)"),
            Check("(forced_by IS NULL) = (forced_motivo IS NULL)"),
        )
        indexes = (
            (("venue", "table", "from_ms", "until_ms"), False),
            (("reservation", "table"), True),
            (("walk_in", "table"), True),
            (("venue", "from_ms"), False),
        )


class Service(Record):
    """Hours of the week in which parties may arrive; `dias` are ISO weekdays, as `"567"`."""

    id = TextField(primary_key=True)
    venue = ForeignKeyField(Venue)
    nombre = TextField()
    dias = TextField()
    primera = TextField()
    ultima = TextField()


class Stay(Record):
    """How long parties of up to so many people stay."""

    venue = ForeignKeyField(Venue, index=False)
    hasta_personas = IntegerField(constraints=[Check("hasta_personas > 0")])
    minutos = IntegerField(constraints=[Check("minutos BETWEEN 15 AND 1440")])

    class Meta:
        primary_key = CompositeKey("venue", "hasta_personas")


class Overbooking(Record):
    """A party that was booked over pace or capacity by choice: by whom, and why."""

    id = AutoField()
    venue = ForeignKeyField(Venue, index=False)
    reservation = ForeignKeyField(Reservation)
    limite = TextField(constraints=[Check("limite IN ('ritmo', 'capacidad')")])
    usuario = TextField()
    motivo = TextField()
    created_ms = BigIntegerField()


class Waiting(Record):
    """A party on the waiting list."""

    id = TextField(primary_key=True)
    venue = ForeignKeyField(Venue, index=False)
    nombre = TextField()
    telefono = TextField(null=True)
    numero_personas = IntegerField(constraints=[Check("numero_personas BETWEEN 1 AND 2000")])
    notas = TextField(default="")
    estado = TextField(
        constraints=[Check("estado IN ('esperando', 'llamado', 'sentado', 'se fue')")]
    )
    dia_negocio = TextField()
    #: Minutes that were promised when it was added; None where nothing could be said.
    quoted_min = IntegerField(null=True)
    usuario = TextField()
    created_ms = BigIntegerField()
    called_ms = BigIntegerField(null=True)
    ended_ms = BigIntegerField(null=True)
    #: What seating it has made.
    reservation = ForeignKeyField(Reservation, null=True, index=False)
    walk_in = ForeignKeyField(WalkIn, null=True, index=False)
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("venue", "dia_negocio", "created_ms"), False),)


class NightClose(Record):
    """When a business day was closed, by whom, and when by itself since it had ended."""

    venue = ForeignKeyField(Venue, index=False)
    dia_negocio = TextField()
    closed_ms = BigIntegerField()
    usuario = TextField()
    ended_ms = BigIntegerField(null=True)

    class Meta:
        primary_key = CompositeKey("venue", "dia_negocio")


class Refusal(Record):
    """A scan that was refused, once per scan id; attendance knows nothing of it."""

    id = AutoField()
    venue = ForeignKeyField(Venue, index=False)
    scan_id = TextField()
    veredicto = TextField()
    usuario = TextField()
    code_hash = TextField()
    #: None when the code is none of the venue's.
    reservation = ForeignKeyField(Reservation, null=True, index=False)
    scanned_ms = BigIntegerField(null=True)
    created_ms = BigIntegerField()

    class Meta:
        indexes = ((("venue", "scan_id"), True), (("venue", "created_ms"), False))


class Conflict(Record):
    """People let in without a connection whom the rules refuse; a host resolves each once."""

    id = TextField(primary_key=True)
    venue = ForeignKeyField(Venue, index=False)
    reservation = ForeignKeyField(Reservation, index=False)
    scan_id = TextField()
    increment = IntegerField(constraints=[Check("increment > 0")])
    usuario = TextField()
    veredicto = TextField()
    scanned_ms = BigIntegerField()
    created_ms = BigIntegerField()
    #: What was asked: the scan id admits nothing else, and its entry answers a repeat.
    request_hash = TextField()
    resolution = TextField(null=True, constraints=[Check("resolution IN ('admitir', 'descartar')")])
    motivo = TextField(null=True)
    resolved_by = TextField(null=True)
    resolved_ms = BigIntegerField(null=True)

    class Meta:
        indexes = ((("venue", "scan_id"), True), (("venue", "resolved_ms", "created_ms"), False))


class DayFigures(Record):
    """The figures of one business day. Triggers keep them, so nothing else writes here."""

    venue = ForeignKeyField(Venue, index=False)
    dia_negocio = TextField()
    reservas = IntegerField()
    asistentes = IntegerField()
    sin_reserva = IntegerField()
    #: Of both, those who are inside still.
    dentro = IntegerField()

    class Meta:
        primary_key = CompositeKey("venue", "dia_negocio")
        without_rowid = True


class Event(Record):
    """The event log: the truth that every stream is served from."""

    venue = ForeignKeyField(Venue, index=False)
    seq = IntegerField()
    kind = TextField()
    payload = TextField()
    created_ms = BigIntegerField()

    class Meta:
        primary_key = CompositeKey("venue", "seq")


class Erasure(Record):
    """A person whose data were erased: only ids of theirs are left, to erase them once more.

    A copy of the database that is older than this still has what was erased.
    """

    id = TextField(primary_key=True)
    venue = ForeignKeyField(Venue)
    #: JSON: the ids of domain/erased.py.
    forgotten = TextField()
    usuario = TextField()
    created_ms = BigIntegerField()
    #: When nothing of it was left in any row, and when not in the file either.
    done_ms = BigIntegerField(null=True)
    cleaned_ms = BigIntegerField(null=True)


class IdempotencyKey(Record):
    id = AutoField()
    venue = ForeignKeyField(Venue, index=False)
    key = TextField()
    request_hash = TextField()
    answer = TextField()
    created_ms = BigIntegerField()

    class Meta:
        indexes = ((("venue", "key"), True),)


class Person(Record):
    id = AutoField()
    email = TextField(unique=True)
    password_hash = TextField()
    created_ms = BigIntegerField()
    #: None until they choose one.
    idioma = TextField(null=True, constraints=[Check("idioma IN ('es', 'en')")])


class Session(Record):
    """A log-in of a person, kept by the hash of the secret that its cookie carries."""

    secret_hash = TextField(primary_key=True)
    person = ForeignKeyField(Person)
    created_ms = BigIntegerField()
    #: When it was last used, to some minutes; it ends by lying unused.
    seen_ms = BigIntegerField(index=True)
    #: From where it was used then, and with what: "Chrome · Android".
    address = TextField(null=True)
    browser = TextField(null=True)


class LoginBudget(Record):
    """How many wrong passwords an email, an address or a known device has tried lately."""

    name = TextField(primary_key=True)
    spent = IntegerField()
    #: It is whole again from then on.
    until_ms = BigIntegerField(index=True)


class Access(Record):
    """One row; triggers count each membership, session, device or person that is taken away."""

    id = AutoField()
    generation = IntegerField()


class DeviceToken(Record):
    id = AutoIncrementField()
    name = TextField()
    secret_hash = TextField(unique=True)
    created_ms = BigIntegerField()
    #: The address of its own where a scanner that has no token posts what it reads.
    scan_hash = TextField(null=True, unique=True)
    #: When it last asked for something, to the minute.
    seen_ms = BigIntegerField(null=True)
    #: Who made it one; None for a command, and for what earlier versions knew.
    made_by = TextField(null=True)
    #: From where it asked then.
    seen_from = TextField(null=True)


class Invitation(Record):
    """What a phone shows once to become a device with the role `door`."""

    code_hash = TextField(primary_key=True)
    venue = ForeignKeyField(Venue, index=False)
    #: The name that was chosen for the device; may be empty.
    nombre = TextField()
    until_ms = BigIntegerField()
    made_by = TextField(null=True)

    class Meta:
        indexes = ((("venue", "until_ms"), False),)


class AccountLink(Record):
    """What lets a person in once: an invitation, a new password, or the first set-up."""

    id = AutoIncrementField()
    code_hash = TextField(unique=True)
    kind = TextField(constraints=[Check("kind IN ('invite', 'reset', 'setup')")])
    venue = ForeignKeyField(Venue, null=True)
    #: Whose password it renews.
    person = ForeignKeyField(Person, null=True)
    #: What it gives at the venue.
    role = TextField(null=True, constraints=[Check("role IN ('door', 'host', 'owner')")])
    #: For whom it was made, as its maker wrote it.
    note = TextField()
    #: The key of the actor who made it; None for a command.
    maker = TextField(null=True)
    made_by = TextField()
    created_ms = BigIntegerField()
    until_ms = BigIntegerField()


class Membership(Record):
    """Gives a person or a device a role at a venue."""

    id = AutoField()
    venue = ForeignKeyField(Venue)
    person = ForeignKeyField(Person, null=True, index=False)
    device = ForeignKeyField(DeviceToken, null=True, index=False)
    role = TextField(constraints=[Check("role IN ('door', 'host', 'owner')")])

    class Meta:
        constraints = (Check("(person_id IS NULL) <> (device_id IS NULL)"),)
        indexes = ((("person", "venue"), True), (("device", "venue"), True))


class Audit(Record):
    """The audit trail: who changed what, when and from where, each row sealed over the one before.

    A chain is a venue's id, or 0 for what belongs to the box.
    """

    chain = IntegerField()
    n = IntegerField()
    made_ms = BigIntegerField()
    who = TextField()
    who_key = TextField()
    address = TextField()
    device = TextField()
    action = TextField()
    about = TextField(null=True)
    #: What differs before and after, as JSON, but for what could be a guest's. That lies beside
    #: the chain, which holds its salted hash: so it can be erased and the chain stays whole.
    changes = TextField()
    personal_digest = TextField(null=True)
    personal = TextField(null=True)
    salt = TextField(null=True)
    erased_ms = BigIntegerField(null=True)
    digest = TextField()

    class Meta:
        primary_key = CompositeKey("chain", "n")
        indexes = ((("chain", "about", "n"), False), (("chain", "made_ms", "n"), False))


class AuditHead(Record):
    """The newest row of a chain, so that rows that were cut off its end are missed."""

    chain = IntegerField(primary_key=True)
    n = IntegerField()
    digest = TextField()


TABLES = (
    Venue,
    Client,
    Promoter,
    Reservation,
    Entry,
    WalkIn,
    Zone,
    DiningTable,
    Joinable,
    Occupancy,
    Service,
    Stay,
    Overbooking,
    Waiting,
    NightClose,
    Refusal,
    Conflict,
    DayFigures,
    Event,
    Erasure,
    IdempotencyKey,
    Person,
    DeviceToken,
    Invitation,
    AccountLink,
    Membership,
    Session,
    LoginBudget,
    Access,
    Audit,
    AuditHead,
)
