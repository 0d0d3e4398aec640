/* Many clients of one HTTP server, each with one request under way at a time on a connection it keeps.

   cc -O2 -o load load.c
   load -p PORT -c CLIENTS [-s SECONDS] [-r REQUESTS_A_SECOND_OF_EACH_CLIENT] [-e TEXT_EVERY_ANSWER_HOLDS] [-w WARM_UP] < requests

   Standard input: one request a line, `METHOD <tab> PATH <tab> AUTHORIZATION <tab> BODY`, each sent once, in order. It
   ends with the lines, or SECONDS after the warm-up, but not before something was measured.
   Standard output: requests begun, seconds they took without the warm-up; then, the warm-up left out, a line
   `METHOD'S_LETTER STATUS MICROSECONDS` each. Status 0 is a connection that broke or an answer that never came, 1 an
   answer to a POST without TEXT.
   With -r, the time counts from the moment the request was due, so that a server that stalls is not measured less. */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MOST_CLIENTS = 1024, PATIENCE_S = 30, LARGEST_ANSWER = 4 << 20, LARGEST_REQUEST = 8192, BROKEN = 0, WRONG_TEXT = 1 };

typedef struct {
    int socket;
    int busy;
    char method;
    double due, begun;
    char out[LARGEST_REQUEST];
    int out_length, out_sent;
    char *answer;
    int length, capacity;
} client;

typedef struct {
    char method;
    int status;
    double seconds;
} result;

static client clients[MOST_CLIENTS];
static char **lines;
static int line_count, next_line, client_count = 1, port, warm_up;
static result *results;
static int result_count;
static double rate, seconds_limit = 1e9, counted_from;
static const char *expected = "";
static int poller;

static double now(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return at.tv_sec + at.tv_nsec * 1e-9;
}

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static void read_lines(void)
{
    char *line = NULL;
    size_t size = 0;
    ssize_t length;
    int capacity = 0;
    while ((length = getline(&line, &size, stdin)) > 0) {
        if (line[length - 1] == '\n')
            line[length - 1] = 0;
        if (line_count == capacity) {
            capacity = capacity ? capacity * 2 : 1024;
            lines = realloc(lines, capacity * sizeof *lines);
        }
        lines[line_count++] = strdup(line);
    }
    free(line);
    results = calloc(line_count + MOST_CLIENTS, sizeof *results);
}

static void listen_for(client *who, unsigned events, int how)
{
    struct epoll_event wanted = {.events = events, .data.ptr = who};
    if (epoll_ctl(poller, how, who->socket, &wanted) != 0)
        fail("epoll_ctl");
}

static void join(client *who)
{
    struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(port)};
    server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int yes = 1;
    who->socket = socket(AF_INET, SOCK_STREAM, 0);
    if (who->socket < 0 || connect(who->socket, (struct sockaddr *)&server, sizeof server) != 0)
        fail("connect");
    setsockopt(who->socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    fcntl(who->socket, F_SETFL, O_NONBLOCK);
    listen_for(who, EPOLLIN, EPOLL_CTL_ADD);
}

static void finish(client *who, int status)
{
    results[result_count++] = (result){who->method, status, now() - (rate ? who->due : who->begun)};
    if (result_count == warm_up)
        counted_from = now();
    who->due += rate ? 1 / rate : 0;
    who->busy = 0;
    who->length = 0;
    if (status != BROKEN)
        return;
    close(who->socket);
    join(who);
}

static void push(client *who)
{
    while (who->out_sent < who->out_length) {
        ssize_t sent = send(who->socket, who->out + who->out_sent, who->out_length - who->out_sent, MSG_NOSIGNAL);
        if (sent < 0 && errno == EAGAIN) {
            listen_for(who, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
            return;
        }
        if (sent < 0) {
            finish(who, BROKEN);
            return;
        }
        who->out_sent += sent;
    }
}

static void ask(client *who)
{
    char *rest = lines[next_line++];
    const char *method = strsep(&rest, "\t"), *path = strsep(&rest, "\t"), *key = strsep(&rest, "\t");
    const char *body = rest ? rest : "";
    int length = snprintf(who->out, LARGEST_REQUEST, "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n", method, path, port);
    if (key && *key)
        length += snprintf(who->out + length, LARGEST_REQUEST - length, "Authorization: %s\r\n", key);
    if (*body)
        length += snprintf(who->out + length, LARGEST_REQUEST - length,
                           "Content-Type: application/json\r\nContent-Length: %zu\r\n", strlen(body));
    length += snprintf(who->out + length, LARGEST_REQUEST - length, "\r\n%s", body);
    if (length >= LARGEST_REQUEST) {
        fprintf(stderr, "a request is longer than %d bytes\n", LARGEST_REQUEST);
        exit(1);
    }
    who->out_length = length;
    who->out_sent = 0;
    who->method = method[0];
    who->busy = 1;
    who->begun = now();
    push(who);
}

/* 1 when the whole answer is there: the status and a Content-Length, or a status that has no body. */
static int whole(client *who, int *status)
{
    who->answer[who->length] = 0;
    char *end = strstr(who->answer, "\r\n\r\n");
    if (!end || sscanf(who->answer, "HTTP/1.1 %d", status) != 1)
        return 0;
    char *length = strcasestr(who->answer, "\r\ncontent-length:");
    int body = length && length < end ? atoi(length + 17) : 0;
    return who->length >= end + 4 - who->answer + body;
}

static void hear(client *who)
{
    for (;;) {
        if (who->length + 65536 > who->capacity) {
            who->capacity = who->length + 131072;
            if (who->capacity > LARGEST_ANSWER)
                fail("an answer is too large");
            who->answer = realloc(who->answer, who->capacity + 1);
        }
        ssize_t got = recv(who->socket, who->answer + who->length, 65536, 0);
        if (got < 0 && errno == EAGAIN)
            break;
        if (got <= 0) {
            finish(who, BROKEN);
            return;
        }
        who->length += got;
    }
    int status;
    if (who->busy && whole(who, &status))
        finish(who, who->method == 'P' && status / 100 == 2 && !strstr(who->answer, expected) ? WRONG_TEXT : status);
}

/* Lets every client that is free and due ask; how long until the next one is due. */
static double ask_all(double end)
{
    double soonest = end;
    for (int i = 0; i < client_count && next_line < line_count; i++) {
        client *who = &clients[i];
        if (!who->busy && who->due <= now())
            ask(who);
        else if (!who->busy && who->due < soonest)
            soonest = who->due;
    }
    double wait = soonest - now();
    return wait > 0 ? wait : 0;
}

static int answers_awaited(void)
{
    int busy = 0;
    for (int i = 0; i < client_count; i++)
        busy += clients[i].busy;
    return busy;
}

static void hear_all(double wait)
{
    struct epoll_event ready[MOST_CLIENTS];
    struct timespec limit = {(time_t)wait, (long)((wait - (time_t)wait) * 1e9)};
    int found = epoll_pwait2(poller, ready, MOST_CLIENTS, &limit, NULL);
    for (int i = 0; i < found; i++) {
        client *who = ready[i].data.ptr;
        if (ready[i].events & EPOLLOUT) {
            listen_for(who, EPOLLIN, EPOLL_CTL_MOD);
            push(who);
        }
        if (ready[i].events & ~EPOLLOUT)
            hear(who);
    }
}

/* SECONDS after the warm-up; later where nothing was measured by then, but not for ever. */
static double end_of_asking(double start)
{
    if (result_count > warm_up)
        return counted_from + seconds_limit;
    return start + seconds_limit + PATIENCE_S;
}

static void run(void)
{
    double start = counted_from = now();
    for (int i = 0; i < client_count; i++)
        clients[i].due = start + (rate ? i / (rate * client_count) : 0);
    while (now() < end_of_asking(start) && (next_line < line_count || answers_awaited()))
        hear_all(ask_all(end_of_asking(start)));
    double end = now();
    while (now() < end + PATIENCE_S && answers_awaited())
        hear_all(1);
    printf("%d %.6f\n", next_line, now() - counted_from);
    for (int i = 0; i < client_count; i++)
        if (clients[i].busy)
            results[result_count++] = (result){clients[i].method, BROKEN, now() - clients[i].begun};
}

int main(int argc, char **argv)
{
    int option;
    while ((option = getopt(argc, argv, "p:c:s:r:e:w:")) > 0) {
        switch (option) {
        case 'p': port = atoi(optarg); break;
        case 'c': client_count = atoi(optarg); break;
        case 's': seconds_limit = atof(optarg); break;
        case 'r': rate = atof(optarg); break;
        case 'e': expected = optarg; break;
        case 'w': warm_up = atoi(optarg); break;
        default: return 2;
        }
    }
    if (client_count < 1 || client_count > MOST_CLIENTS)
        return 2;
    read_lines();
    poller = epoll_create1(0);
    for (int i = 0; i < client_count; i++)
        join(&clients[i]);
    run();
    for (int i = warm_up; i < result_count; i++)
        printf("%c %d %.1f\n", results[i].method, results[i].status, results[i].seconds * 1e6);
    return 0;
}
