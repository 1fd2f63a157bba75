/* The limit without merging: one epoll loop, one plain write per stream and event.
 *
 *   bare PORT      GET opens a stream, POST publishes its body as one frame.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

static int open_streams[1 << 17], count;
static char request[1 << 17], frame[1 << 17];

/* Write all; a reader that is behind holds the loop, as the plainest server would. */
static void put(int fd, const char *data, size_t length) {
    while (length) {
        ssize_t taken = send(fd, data, length, MSG_NOSIGNAL);
        if (taken >= 0) { data += taken; length -= taken; continue; }
        if (errno != EAGAIN) return;
        struct pollfd room = {.fd = fd, .events = POLLOUT};
        poll(&room, 1, 1000);
    }
}

int main(int argc, char **argv) {
    struct rlimit many;
    getrlimit(RLIMIT_NOFILE, &many);
    many.rlim_cur = many.rlim_max;
    setrlimit(RLIMIT_NOFILE, &many);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(argc > 1 ? atoi(argv[1]) : 0)};
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1, loop = epoll_create1(0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&at, sizeof at) || listen(listener, 2048)) {
        perror("bind");
        return 1;
    }
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, events[256];
    epoll_ctl(loop, EPOLL_CTL_ADD, listener, &event);
    unsigned long number = 0;
    for (;;) {
        int ready = epoll_wait(loop, events, 256, -1);
        for (int i = 0; i < ready; i++) {
            int fd = events[i].data.fd;
            if (fd == listener) {
                int link = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
                if (link < 0) continue;
                setsockopt(link, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
                event.data.fd = link;
                epoll_ctl(loop, EPOLL_CTL_ADD, link, &event);
                continue;
            }
            ssize_t got = recv(fd, request, sizeof request - 1, 0);
            if (got <= 0) {
                for (int j = 0; j < count; j++)
                    if (open_streams[j] == fd) open_streams[j] = open_streams[--count];
                close(fd);
                continue;
            }
            request[got] = 0;
            char *body = strstr(request, "\r\n\r\n");
            if (!strncmp(request, "POST", 4) && body) {
                int size = sprintf(frame, "id: x-%lu\nevent: reservation-updated\ndata: %s\n\n",
                                   ++number, body + 4);
                for (int j = 0; j < count; j++) put(open_streams[j], frame, size);
            } else if (strstr(request, "/events")) {
                const char *head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                                   "Connection: close\r\n\r\n";
                put(fd, head, strlen(head));
                open_streams[count++] = fd;
                continue;
            }
            const char *answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
            put(fd, answer, strlen(answer));
        }
    }
}
