/* A crowd of server-sent event streams in one epoll loop, with publishers and a prober.
 *
 *   crowd PORT STREAMS STREAM_REQUEST PUBLISH_REQUEST PROBE_REQUEST KEY [ids]
 *
 * The three requests are files with raw HTTP. The publish request holds a mark of 32 characters
 * that starts with "@MARK"; each publish overwrites it with "@", publisher (2 digits), number
 * (8), CLOCK_MONOTONIC nanoseconds (20), "@". A stream has received an event when it has read
 * KEY followed by such a mark; the latency runs from just before the publish request was sent.
 *
 * The stream and publish files may hold several requests separated by NULs, one per venue:
 * stream number i is one of venue i % VENUES, and the mark names a venue, not a publisher.
 *
 * The body may be chunked: a chunk holds whole frames, so that its size stands between two frames
 * and before the "\nid: " of the next one.
 *
 * With "ids" the streams are followed by their event ids only, for the command chaos.
 *
 * Commands on standard input, one JSON line each on standard output:
 *   go PUBLISHERS EVENTS RATE TIMEOUT   publish EVENTS each, RATE a second (0: as answered)
 *   idle SECONDS                        read and probe only
 *   hold SECONDS                        read only
 *   storm WIDTH EVENTS HEADER           drop all, come back with HEADER, expect EVENTS each
 *   chaos RATE SECONDS STUCK            follow by id: whoever is cut comes back with its last id;
 *                                       STUCK streams read nothing until publishing has ended
 *   spread PUBLISHERS RATE SECONDS      publish to venues by chance, RATE a second in all; a venue's
 *                                       next change waits for the answer to its last one
 *   busy CONNECTIONS KEEP SECONDS       send the probe request again at each answer, over the same
 *                                       connection (KEEP 1) or a new one
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MARK = 32, TAIL = 128, BUFFER = 1 << 18, PUBLISHERS = 64, VENUES = PUBLISHERS, BINS = 2048, PROBES = 4 };
enum kind { STREAM, PUBLISHER, PROBER };

typedef struct {
    int fd, tail;
    enum kind kind;
    bool connecting, ready, busy, stuck, refused;
    uint32_t number;  /* publisher: sent so far; stream: received so far */
    uint64_t asked;   /* when the open request was sent */
    uint32_t last[PUBLISHERS];
    char kept[TAIL];
    uint64_t seq, due;  /* chaos: the newest id, and when to come back */
    char epoch[40];
} link_t;

typedef struct { uint64_t count[BINS]; uint64_t total; double max; } spread_t;

static bool chaos;
static uint64_t gaps, twice, resyncs, cuts;
static int epoll, port, streams, ready, closed, refused;
static int venues;
static char *stream_request[VENUES], *publish_request[VENUES], *probe_request, *key, resume[256];
static size_t key_length;
static link_t *crowd, publisher[PUBLISHERS], prober[PROBES];
static spread_t delays, publishing, probing;
static uint64_t received, disorder, strangers, bytes, failures;
static char buffer[TAIL + BUFFER + 1];

static uint64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + t.tv_nsec;
}

static void die(const char *what) { perror(what); exit(1); }

/* Read up to `most` requests; returns how many there are. */
static int slurp(const char *path, char **requests, int most) {
    enum { LARGEST = 1 << 18 };
    FILE *file = fopen(path, "rb");
    if (!file) die(path);
    char *text = calloc(1, LARGEST + 1), *end = text + fread(text, 1, LARGEST, file);
    fclose(file);
    int count = 0;
    for (; text < end; text += strlen(text) + 1) {
        if (count == most) { fprintf(stderr, "too many requests: %s\n", path); exit(1); }
        requests[count++] = text;
    }
    return count;
}

/* Bins grow by 1 %, so a percentile is within 1 % of the true one. From 1 microsecond. */
static void record(spread_t *s, double us) {
    int bin = us <= 1 ? 0 : (int)(log(us) / log(1.01));
    s->count[bin < BINS ? bin : BINS - 1]++;
    s->total++;
    if (us > s->max) s->max = us;
}

static double percentile(const spread_t *s, double part) {
    uint64_t seen = 0, wanted = (uint64_t)ceil(part * s->total);
    if (!s->total) return 0;
    for (int i = 0; i < BINS; i++)
        if ((seen += s->count[i]) >= wanted) return pow(1.01, i + 0.5) / 1000;
    return s->max / 1000;
}

static void tell(const char *name, const spread_t *s) {
    printf(", \"%s\": {\"p50\": %.3f, \"p90\": %.3f, \"p99\": %.3f, \"max\": %.3f, \"n\": %lu}",
           name, percentile(s, .5), percentile(s, .9), percentile(s, .99), s->max / 1000, s->total);
}

static void watch(link_t *l, uint32_t events, int op) {
    struct epoll_event e = {.events = events, .data.ptr = l};
    if (epoll_ctl(epoll, op, l->fd, &e)) die("epoll_ctl");
}

static void dial(link_t *l, enum kind kind) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    l->kind = kind;
    l->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    l->ready = l->busy = l->refused = false;
    l->tail = 0;
    l->connecting = true;
    int on = 1;
    setsockopt(l->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(l->fd, (struct sockaddr *)&to, sizeof to) && errno != EINPROGRESS) die("connect");
    watch(l, EPOLLIN | EPOLLOUT, EPOLL_CTL_ADD);
}

static void ask(link_t *l, const char *request) {
    size_t length = strlen(request);
    if (send(l->fd, request, length, MSG_NOSIGNAL) != (ssize_t)length) failures++;
    l->asked = now_ns();
    l->busy = true;
}

static void connected(link_t *l) {
    l->connecting = false;
    watch(l, l->stuck ? 0 : EPOLLIN, EPOLL_CTL_MOD);
    if (l->kind != STREAM) { l->ready = true; return; }
    char request[4096], own[128] = "";
    if (l->epoch[0]) snprintf(own, sizeof own, "Last-Event-ID: %s-%lu\r\n", l->epoch, l->seq);
    const char *opening = stream_request[(l - crowd) % venues];
    snprintf(request, sizeof request, "%s%s%s\r\n", opening, resume, own);
    ask(l, request);
}

/* Send the change `number` of publisher or venue `who`. */
static void publish(link_t *l, int who, uint32_t number) {
    const char *original = publish_request[who % venues];
    char stamp[MARK + 1], *mark = strstr(original, "@MARK");
    static char request[1 << 16];
    size_t at = mark - original;
    strcpy(request, original);
    snprintf(stamp, sizeof stamp, "@%02u%08u%020lu@", who % 100u, number % 100000000u,
             now_ns());
    memcpy(request + at, stamp, MARK);
    ask(l, request);
}

static uint64_t digits(const char *text, int count) {
    uint64_t value = 0;
    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9') return UINT64_MAX;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

static void lost(link_t *l) {
    /* The server ends idle keep-alive connections: only an unanswered request is a failure. */
    if (l->kind == STREAM) { closed++; ready -= l->ready; } else failures += l->busy;
    l->ready = l->busy = false;
    l->due = now_ns() + 300000000u + (uint64_t)(rand() % 1000) * 1000000u;
    cuts += l->kind == STREAM;
    close(l->fd);
    l->fd = -1;
}

/* Check the ids: each the one before plus one, unless the frame is a resync. */
static void follow(link_t *l, char *data, int length) {
    char *at = data, *end = data + length;
    if (!l->epoch[0]) {
        char *first = memmem(data, length, "\"lastEventId\":\"", 15);
        if (first) sscanf(first + 15, "%39[a-z0-9]-%lu", l->epoch, &l->seq);
    }
    while ((at = memmem(at, end - at, "\nid: ", 5))) {
        char *second = memchr(at + 5, '\n', end - at - 5);
        char *third = second ? memchr(second + 1, '\n', end - second - 1) : NULL;
        if (!third) break;
        char *dash = memchr(at, '-', second - at);
        uint64_t seq = dash ? strtoull(dash + 1, NULL, 10) : 0;
        if (!memcmp(second + 1, "event: resync", 13)) resyncs++;
        else if (seq <= l->seq) twice++;
        else if (seq != l->seq + 1) gaps++;
        if (seq > l->seq) l->seq = seq;
        at = third;
    }
    for (char *mark = data; (mark = memmem(mark, end - mark, key, key_length)); ) {
        mark += key_length;
        if (mark + MARK > end) break;
        uint64_t sent = digits(mark + 11, 20);
        if (*mark == '@' && sent != UINT64_MAX) record(&delays, (now_ns() - sent) / 1000.0);
    }
    l->tail = at ? end - at : 4;
    if (l->tail >= TAIL || l->tail > length) l->tail = length < 4 ? length : 4;
    memcpy(l->kept, end - l->tail, l->tail);
}

static void stream_data(link_t *l, char *data, int length) {
    if (!l->ready && !l->refused) {
        bool good = length >= 12 && !memcmp(data, "HTTP/1.1 200", 12);
        if (!good && chaos) { lost(l); return; }
        if (!good) { l->refused = true; refused++; }
        else { l->ready = true; ready++; }
    }
    if (chaos) { follow(l, data, length); return; }
    char *at = data, *end = data + length;
    while ((at = memmem(at, end - at, key, key_length))) {
        char *mark = at + key_length;
        if (mark + MARK > end) break;
        uint64_t who = digits(mark + 1, 2), number = digits(mark + 3, 8);
        uint64_t sent = digits(mark + 11, 20);
        if (*mark == '@' && who < PUBLISHERS && sent != UINT64_MAX) {
            strangers += venues > 1 && (int)who != (l - crowd) % venues;
            if (l->last[who] && number != l->last[who] + 1) disorder++;
            l->last[who] = number;
            l->number++;
            received++;
            record(&delays, (now_ns() - sent) / 1000.0);
        }
        at = mark;
    }
    l->tail = length < TAIL ? length : TAIL - 1;
    if (at && end - at < l->tail) l->tail = end - at;
    else if (!at && l->tail >= (int)key_length) l->tail = key_length - 1;
    memcpy(l->kept, end - l->tail, l->tail);
}

/* An answer is whole when its length is there, or its last chunk. */
static bool whole(const char *data, int length) {
    const char *body = memmem(data, length, "\r\n\r\n", 4);
    if (!body) return false;
    const char *size = strcasestr(data, "content-length:");
    if (size && size < body) return length - (body + 4 - data) >= atol(size + 15);
    return memmem(body, length - (body - data), "\r\n0\r\n\r\n", 7) != NULL;
}

static void answered(link_t *l, char *data, int length) {
    static char pending[PUBLISHERS + PROBES][BUFFER];
    static int size[PUBLISHERS + PROBES];
    int slot = l->kind == PUBLISHER ? l - publisher : PUBLISHERS + (l - prober);
    if (size[slot] + length >= BUFFER) size[slot] = 0;
    memcpy(pending[slot] + size[slot], data, length);
    size[slot] += length;
    pending[slot][size[slot]] = 0;
    if (!whole(pending[slot], size[slot])) return;
    if (pending[slot][9] != '2') failures++;
    size[slot] = 0;
    l->busy = false;
    record(l->kind == PUBLISHER ? &publishing : &probing, (now_ns() - l->asked) / 1000.0);
}

static void turn(int wait_ms) {
    struct epoll_event events[512];
    int count = epoll_wait(epoll, events, 512, wait_ms);
    for (int i = 0; i < count; i++) {
        link_t *l = events[i].data.ptr;
        if (l->fd < 0) continue;
        if (l->connecting && events[i].events & (EPOLLERR | EPOLLHUP)) { lost(l); continue; }
        if (l->connecting && events[i].events & EPOLLOUT) connected(l);
        if (!(events[i].events & (EPOLLIN | EPOLLHUP))) continue;
        int kept = l->kind == STREAM ? l->tail : 0;
        memcpy(buffer, l->kept, kept);
        ssize_t got = recv(l->fd, buffer + kept, BUFFER, 0);
        if (got < 0 && errno == EAGAIN) continue;
        if (got <= 0) { lost(l); continue; }
        buffer[kept + got] = 0;
        if (l->kind != STREAM) { answered(l, buffer, got); continue; }
        bytes += got;
        stream_data(l, buffer, kept + got);
    }
}

static void probe(void) {
    for (int i = 0; i < PROBES; i++) {
        link_t *l = &prober[i];
        if (l->fd < 0) { dial(l, PROBER); continue; }
        uint64_t pace = 40000000u + i * 1000000u;
        if (l->ready && !l->busy && now_ns() - l->asked > pace) ask(l, probe_request);
    }
}

static void gather(int width) {
    uint64_t limit = now_ns() + 120000000000u;
    int started = 0;
    for (int i = 0; i < streams; i++) crowd[i].fd = -1;
    ready = closed = refused = 0;
    while (ready + refused + closed < streams && now_ns() < limit) {
        while (started < streams && started - ready - refused - closed < width)
            dial(&crowd[started++], STREAM);
        probe();
        turn(5);
    }
}

static void clear(void) {
    memset(&delays, 0, sizeof delays);
    memset(&publishing, 0, sizeof publishing);
    memset(&probing, 0, sizeof probing);
    received = disorder = strangers = bytes = failures = 0;
    for (int i = 0; i < streams; i++) {
        crowd[i].number = 0;
        memset(crowd[i].last, 0, sizeof crowd[i].last);
    }
    for (int i = 0; i < PUBLISHERS; i++) publisher[i].number = 0;
}

/* Count the streams that have all of what their venue was sent. */
static int all_of(const uint32_t *sent) {
    int complete = 0;
    for (int i = 0; i < streams; i++) complete += crowd[i].number == sent[i % venues];
    return complete;
}

static void tell_all(double seconds, int complete) {
    printf("{\"seconds\": %.4f, \"received\": %lu, \"complete\": %d, \"disorder\": %lu, "
           "\"strangers\": %lu, \"bytes\": %lu, \"closed\": %d, \"refused\": %d, \"ready\": %d, \"failures\": %lu",
           seconds, received, complete, disorder, strangers, bytes, closed, refused, ready, failures);
    tell("delay_ms", &delays);
    tell("publish_ms", &publishing);
    tell("probe_ms", &probing);
    printf(", \"bins\": [");
    for (int i = 0, first = 1; i < BINS; i++)
        if (delays.count[i]) {
            printf("%s[%.4f, %lu]", first ? "" : ", ", pow(1.01, i + 0.5) / 1000, delays.count[i]);
            first = 0;
        }
    printf("]}\n");
    fflush(stdout);
}

static void report(double seconds, uint32_t each) {
    uint32_t sent[VENUES];
    for (int i = 0; i < VENUES; i++) sent[i] = each;
    tell_all(seconds, all_of(sent));
}

static void spread(int publishers, double rate, double seconds) {
    uint32_t sent[VENUES] = {0}, changes = 0, planned = rate * seconds;
    int at[PUBLISHERS], next = 0;
    bool waits[VENUES] = {false};
    clear();
    srand(1);  /* the same venues for each server */
    if (publishers > venues) publishers = venues;  /* one change of a venue at a time */
    uint64_t start = now_ns(), ended = start + (uint64_t)(seconds * 1e9);
    while (now_ns() < ended + 20000000000u) {
        int busy = 0, first = next;  /* in turn, so that all connections' workers are asked */
        for (int k = 0; k < publishers; k++) {
            int i = (first + k) % publishers;
            link_t *l = &publisher[i];
            if (l->number && !l->busy) { waits[at[i]] = false; l->number = 0; }
            busy += l->busy;
            if (l->fd < 0) {
                /* One by one under load: at once, the first worker to wake would take them all. */
                if (changes >= i * 8u) dial(l, PUBLISHER);
                continue;
            }
            if (!l->ready || l->busy || changes >= planned) continue;
            if (now_ns() < start + (uint64_t)(changes / rate * 1e9)) continue;
            int venue = rand() % venues;
            while (waits[venue]) venue = (venue + 1) % venues;
            waits[venue] = true;
            at[i] = venue;
            l->number = 1;
            publish(l, venue, ++sent[venue]);
            changes++;
            next = i + 1;
        }
        turn(1);
        if (changes >= planned && !busy && all_of(sent) == streams) break;
    }
    tell_all((now_ns() - start) / 1e9, all_of(sent));
}

static void busy(int connections, bool keep, double seconds) {
    static uint64_t dialled[PUBLISHERS];
    clear();
    for (uint64_t start = now_ns(); now_ns() - start < seconds * 1e9; turn(10))
        for (int i = 0; i < connections; i++) {
            link_t *l = &publisher[i];
            if (!keep && l->number && !l->busy && l->fd >= 0) {  /* answered: the next one is new */
                close(l->fd);
                l->fd = -1;
            }
            if (l->fd < 0) { l->number = 0; dialled[i] = now_ns(); dial(l, PUBLISHER); continue; }
            if (!l->ready || l->busy) continue;
            ask(l, probe_request);
            if (!keep) l->asked = dialled[i];
            l->number = 1;
        }
    for (int i = 0; i < connections; i++)
        if (publisher[i].fd >= 0) { close(publisher[i].fd); publisher[i].fd = -1; }
    report(seconds, 0);
}

static void go(int publishers, uint32_t events, double rate, double timeout) {
    clear();
    for (int i = 0; i < publishers; i++)
        if (publisher[i].fd < 0) dial(&publisher[i], PUBLISHER);
    while (true) {
        int up = 0;
        for (int i = 0; i < publishers; i++) up += publisher[i].ready;
        if (up == publishers) break;
        turn(5);
    }
    uint64_t start = now_ns(), each = (uint64_t)events * publishers;
    uint64_t all = each * streams;
    while (received < all && now_ns() - start < timeout * 1e9) {
        double next = 0.02;
        for (int i = 0; i < publishers; i++) {
            link_t *l = &publisher[i];
            if (l->fd < 0 || l->busy || l->number >= events) continue;
            double due = rate > 0 ? start / 1e9 + (l->number * publishers + i) / rate : 0;
            double wait = due - now_ns() / 1e9;
            if (wait <= 0) publish(l, i, ++l->number);
            else if (wait < next) next = wait;
        }
        probe();
        turn((int)(next * 1000));
    }
    report((now_ns() - start) / 1e9, each);
}

static void come_back(void) {
    int dialling = 0;
    for (int i = 0; i < streams; i++) dialling += crowd[i].fd >= 0 && !crowd[i].ready;
    for (int i = 0; i < streams && dialling < 500; i++)
        if (crowd[i].fd < 0 && now_ns() > crowd[i].due) { dial(&crowd[i], STREAM); dialling++; }
}

static void endure(double rate, double seconds, int stuck) {
    enum { WRITERS = 4 };
    clear();
    gaps = twice = resyncs = cuts = 0;
    uint64_t first = 0, newest = 0, settled = 0, sent = 0, looked = 0;
    int complete = 0;
    for (int i = 0; i < stuck; i++) { crowd[i].stuck = true; watch(&crowd[i], 0, EPOLL_CTL_MOD); }
    uint64_t start = now_ns(), ended = start + (uint64_t)(seconds * 1e9);
    for (int i = 0; i < streams; i++) if (crowd[i].seq > first) first = crowd[i].seq;
    for (bool publishing_on = true; now_ns() < ended + 90000000000u; ) {
        uint64_t now = now_ns();
        if (publishing_on && now > ended) {
            publishing_on = false;
            for (int i = 0; i < stuck; i++) {
                crowd[i].stuck = false;
                if (crowd[i].fd >= 0) watch(&crowd[i], EPOLLIN, EPOLL_CTL_MOD);
            }
        }
        for (int i = 0; publishing_on && i < WRITERS; i++) {
            link_t *l = &publisher[i];
            if (l->fd < 0) { if (now > l->due) dial(l, PUBLISHER); continue; }
            if (l->ready && !l->busy && (now - start) / 1e9 * rate > sent) { publish(l, i, ++l->number); sent++; }
        }
        probe();
        turn(2);
        if (now - looked < 20000000u) continue;
        looked = now;
        come_back();
        complete = 0;
        for (int i = 0; i < streams; i++) if (crowd[i].seq > newest) { newest = crowd[i].seq; settled = now; }
        for (int i = 0; i < streams; i++) complete += crowd[i].seq == newest;
        if (!publishing_on && complete == streams && now - settled > 3000000000u) break;
    }
    printf("{\"seconds\": %.1f, \"events\": %lu, \"cuts\": %lu, \"gaps\": %lu, \"twice\": %lu, "
           "\"resyncs\": %lu, \"complete\": %d, \"sent\": %lu, \"failures\": %lu",
           (now_ns() - start) / 1e9, newest - first, cuts, gaps, twice, resyncs, complete, sent,
           failures);
    tell("delay_ms", &delays);
    tell("publish_ms", &publishing);
    printf("}\n");
    fflush(stdout);
}

int main(int argc, char **argv) {
    if (argc != 7 && argc != 8) { fprintf(stderr, "see the head of crowd.c\n"); return 2; }
    struct rlimit many;
    getrlimit(RLIMIT_NOFILE, &many);
    many.rlim_cur = many.rlim_max;
    setrlimit(RLIMIT_NOFILE, &many);
    port = atoi(argv[1]);
    streams = atoi(argv[2]);
    venues = slurp(argv[3], stream_request, VENUES);
    if (slurp(argv[4], publish_request, VENUES) != venues) die("a publish request per venue");
    chaos = argc == 8;
    if (slurp(argv[5], &probe_request, 1) != 1) die(argv[5]);
    key = argv[6];
    key_length = strlen(key);
    epoll = epoll_create1(0);
    crowd = calloc(streams, sizeof *crowd);
    for (int i = 0; i < PUBLISHERS; i++) publisher[i].fd = -1;
    for (int i = 0; i < PROBES; i++) prober[i].fd = -1;
    uint64_t start = now_ns();
    gather(256);
    clear();
    report((now_ns() - start) / 1e9, 0);
    char line[512];
    fcntl(0, F_SETFL, O_NONBLOCK);
    while (true) {
        ssize_t got = read(0, line, sizeof line - 1);
        if (got == 0) return 0;
        if (got < 0) { turn(5); continue; }
        line[got] = 0;
        int publishers, events, width, used;
        double rate, seconds;
        if (sscanf(line, "go %d %d %lf %lf", &publishers, &events, &rate, &seconds) == 4) {
            go(publishers, events, rate, seconds);
        } else if (sscanf(line, "idle %lf", &seconds) == 1) {
            clear();
            for (start = now_ns(); now_ns() - start < seconds * 1e9; turn(5)) probe();
            report(seconds, 0);
        } else if (sscanf(line, "hold %lf", &seconds) == 1) {
            clear();
            for (start = now_ns(); now_ns() - start < seconds * 1e9; turn(50)) ;
            report(seconds, 0);
        } else if (sscanf(line, "storm %d %d %n", &width, &events, &used) == 2) {
            line[strcspn(line, "\n")] = 0;
            snprintf(resume, sizeof resume, "%s\r\n", line + used);
            for (int i = 0; i < streams; i++) if (crowd[i].fd >= 0) close(crowd[i].fd);
            clear();
            start = now_ns();
            gather(width);
            while (received < (uint64_t)streams * events && now_ns() - start < 60e9) {
                probe();
                turn(5);
            }
            report((now_ns() - start) / 1e9, events);
        } else if (sscanf(line, "spread %d %lf %lf", &publishers, &rate, &seconds) == 3) {
            spread(publishers, rate, seconds);
        } else if (sscanf(line, "busy %d %d %lf", &publishers, &used, &seconds) == 3) {
            busy(publishers, used, seconds);
        } else if (sscanf(line, "chaos %lf %lf %d", &rate, &seconds, &width) == 3) {
            endure(rate, seconds, width);
        } else {
            fprintf(stderr, "unknown command: %s", line);
            return 2;
        }
    }
}
