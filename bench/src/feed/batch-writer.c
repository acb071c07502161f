/* A peer of `npm run bench -- feed`: the least that can send a feed to many readers. One thread, epoll, libc. Reads
 * batches on one port (four bytes of length, most significant first, and the text of Server-Sent Events), and writes
 * each to all readers of the other port, by one write a reader, as one chunk of HTTP/1.1. It parses no request, keeps
 * nothing, and cuts a reader whose buffer in the kernel is full. Prints both ports: that of the readers first.
 * gcc -O2 -o batch-writer batch-writer.c */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { READERS_MAX = 100000, BATCH_MAX = 1 << 22, HEAD_MAX = 16 };

static const char ANSWER[] = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
                             "Cache-Control: no-store\r\nTransfer-Encoding: chunked\r\n\r\n";

static int readers[READERS_MAX]; /* descriptors, dense */
static int place[READERS_MAX];   /* of a descriptor in `readers`; -1 before its request */
static int count;

static int die(const char *what) {
  perror(what);
  exit(1);
}

static int listen_on_any_port(void) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (fd < 0 || bind(fd, (void *)&address, sizeof address) || listen(fd, 4096)) die("listen");
  return fd;
}

static int port_of(int fd) {
  struct sockaddr_in address;
  socklen_t length = sizeof address;
  if (getsockname(fd, (void *)&address, &length)) die("getsockname");
  return ntohs(address.sin_port);
}

static void cut(int fd) {
  if (place[fd] >= 0) {
    int last = readers[--count];
    readers[place[fd]] = last;
    place[last] = place[fd];
    place[fd] = -1;
  }
  close(fd);
}

static void write_to_all(char *chunk, size_t length) {
  for (int i = count - 1; i >= 0; i--)
    if (send(readers[i], chunk, length, MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)length) cut(readers[i]);
}

/* Has room for the chunk's head before the text, and for its end after it. */
static char buffer[HEAD_MAX + 4 + BATCH_MAX + 2];
static size_t unread;

static void read_batches(int fd) {
  char *start = buffer + HEAD_MAX;
  ssize_t got = recv(fd, start + unread, 4 + BATCH_MAX - unread, 0);
  if (got == 0) exit(0); /* the publisher has gone */
  if (got < 0) {
    if (errno == EAGAIN || errno == EINTR) return;
    die("recv");
  }
  unread += got;
  while (unread >= 4) {
    uint32_t length;
    memcpy(&length, start, 4);
    length = ntohl(length);
    if (length > BATCH_MAX) exit(1);
    if (unread < 4 + length) break;
    char *text = start + 4, head[HEAD_MAX], after[2];
    int size = snprintf(head, sizeof head, "%x\r\n", length);
    /* The head takes the place of the length and of what is before it, the end that of what comes next. */
    memcpy(after, text + length, 2);
    memcpy(text - size, head, size);
    memcpy(text + length, "\r\n", 2);
    write_to_all(text - size, size + length + 2);
    memcpy(text + length, after, 2);
    unread -= 4 + length;
    memmove(start, text + length, unread);
  }
}

static void accept_all(int ep, int listener, int *publisher) {
  for (int fd; (fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0;) {
    if (fd >= READERS_MAX) die("accept");
    int one = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    place[fd] = -1;
    if (publisher) *publisher = fd;
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    epoll_ctl(ep, EPOLL_CTL_ADD, fd, &event);
  }
}

/* Whatever a reader sends first is its request; afterwards it is only noticed when it goes. */
static void read_request(int fd) {
  char request[8192];
  ssize_t got = recv(fd, request, sizeof request, 0);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got <= 0) return cut(fd);
  if (place[fd] >= 0) return;
  place[fd] = count;
  readers[count++] = fd;
  if (send(fd, ANSWER, sizeof ANSWER - 1, MSG_NOSIGNAL) != sizeof ANSWER - 1) cut(fd);
}

int main(void) {
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  int ep = epoll_create1(EPOLL_CLOEXEC), readers_in = listen_on_any_port(), batches_in = listen_on_any_port();
  int listeners[] = {readers_in, batches_in}, publisher = -1;
  for (int i = 0; i < 2; i++) {
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listeners[i]};
    epoll_ctl(ep, EPOLL_CTL_ADD, listeners[i], &event);
  }
  printf("%d %d\n", port_of(readers_in), port_of(batches_in));
  fflush(stdout);
  for (;;) {
    struct epoll_event events[256];
    int ready = epoll_wait(ep, events, 256, -1);
    for (int i = 0; i < ready; i++) {
      int fd = events[i].data.fd;
      if (fd == readers_in) accept_all(ep, fd, NULL);
      else if (fd == batches_in) accept_all(ep, fd, &publisher);
      else if (fd == publisher) read_batches(fd);
      else read_request(fd);
    }
  }
}
