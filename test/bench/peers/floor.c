/* The floor of a fan-out: for each message that comes in, one frame, made once, is written to every socket.
 * Usage: floor SEC-WEBSOCKET-ACCEPT PAYLOAD-BYTES (126 to 65535). Prints its port, and
 * its CPU time in microseconds for each byte on stdin; ends when stdin is closed. */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAX_FDS = 1 << 16, HEAD = 4, MASK = 4 };
static int sockets[MAX_FDS], count, place[MAX_FDS]; /* place: 1 + index in sockets, 0 before the handshake */
static char input[1 << 16], frame[1 << 17], answer[256];

static int watch(int poll, int fd) {
  struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
  return epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event);
}

static int tell(void) {
  struct rusage used;
  if (read(STDIN_FILENO, input, 1) <= 0 || getrusage(RUSAGE_SELF, &used)) return 0;
  printf("%ld\n", (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000L + used.ru_utime.tv_usec + used.ru_stime.tv_usec);
  return !fflush(stdout);
}

static void leave(int fd) {
  if (place[fd]) {
    int last = sockets[--count];
    sockets[place[fd] - 1] = last;
    place[last] = place[fd];
    place[fd] = 0;
  }
  close(fd);
}

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  int bytes = atoi(argv[2]), length = HEAD + bytes, one = 1;
  long received = 0;
  memset(frame, 'x', length);
  frame[0] = (char)0x81, frame[1] = 126, frame[2] = (char)(bytes >> 8), frame[3] = (char)bytes;
  snprintf(answer, sizeof answer, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
           "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n", argv[1]);
  int poll = epoll_create1(0), listener = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  if (bind(listener, (void *)&address, size) || listen(listener, 4096)) return 1;
  getsockname(listener, (void *)&address, &size);
  printf("%d\n", ntohs(address.sin_port)), fflush(stdout);
  watch(poll, listener), watch(poll, STDIN_FILENO);
  for (struct epoll_event events[256];;) {
    for (int left = epoll_wait(poll, events, 256, -1); left-- > 0;) {
      int fd = events[left].data.fd;
      if (fd == STDIN_FILENO) {
        if (!tell()) return 0;
        continue;
      }
      if (fd == listener) {
        int peer = accept(listener, NULL, NULL);
        setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        if (peer >= MAX_FDS || watch(poll, peer)) return 1;
        continue;
      }
      ssize_t got = read(fd, input, sizeof input);
      if (got <= 0) leave(fd);
      else if (!place[fd]) { /* a request comes in one piece here */
        sockets[count++] = fd, place[fd] = count;
        if (write(fd, answer, strlen(answer)) < 0) leave(fd);
      } else {
        for (received += got; received >= length + MASK; received -= length + MASK)
          for (int i = 0; i < count; i++) if (write(sockets[i], frame, length) != length) return 1;
      }
    }
  }
}
