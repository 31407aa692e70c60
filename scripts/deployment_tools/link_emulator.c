// Emulates the access links between devices and one server in user space, for kernels without netem.
//
//     link_emulator SERVER_NAMESPACE PACKET_LOG < LINKS
//
// Each line of LINKS is a device: its network namespace, its IPv4 address, the rates down and up in bit/s, the delay each
// way in microseconds, and the queue sizes down and up in bytes. Every namespace has a TUN device called `tun0`.
//
// A packet waits in the queue of its direction (FIFO; a packet that does not fit is dropped), leaves at the
// link's rate, and is delivered after the delay. Packets are delivered in the order of arrival, so each direction
// is a ring buffer with ascending delivery times. Prints `ready`, runs until SIGTERM, then prints each device's drops.
//
// PACKET_LOG receives a 32-byte little-endian record for each packet: see `struct record`.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { DOWN, UP, DIRECTIONS, MAX_DEVICES = 64, MAX_PACKET = 1600, RING = 16384 };

struct packet {
  int64_t arrival, delivery;
  uint16_t length;
  uint8_t bytes[MAX_PACKET];
};

struct direction {
  double rate;
  int64_t queue;
  // When the link will have sent all queued packets.
  int64_t busy;
  struct packet *ring;
  unsigned first, count;
  long drops;
};

struct device {
  char name[64];
  uint32_t address;
  int64_t delay;
  int file;
  struct direction directions[DIRECTIONS];
};

struct record {
  // Nanoseconds of the monotonic clock: arrival in the queue, and delivery; 0 if dropped.
  int64_t arrival, delivery;
  // The TCP sequence number and payload bytes; 0 if not TCP.
  uint32_t sequence, payload;
  // The length of the IP packet.
  uint16_t length;
  // The server's port.
  uint16_t port;
  uint16_t device;
  uint8_t direction, flags;
};

static struct device devices[MAX_DEVICES];
static int device_count, server_file;
static FILE *packet_log;
static volatile sig_atomic_t is_stopped;

static void stop(int signal) {
  (void)signal;
  is_stopped = 1;
}

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

// Opens the TUN device `tun0` of a namespace; the process itself stays in its own namespace.
static int open_link(const char *namespace) {
  char path[256];
  snprintf(path, sizeof path, "/run/netns/%s", namespace);
  int own = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
  int other = open(path, O_RDONLY | O_CLOEXEC);
  if (own < 0 || other < 0 || setns(other, CLONE_NEWNET) < 0) fail(path);
  int file = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI};
  strcpy(request.ifr_name, "tun0");
  if (file < 0 || ioctl(file, TUNSETIFF, &request) < 0) fail("/dev/net/tun");
  if (setns(own, CLONE_NEWNET) < 0) fail("setns");
  close(own);
  close(other);
  return file;
}

static void read_links(void) {
  char address[64];
  double down, up, delay;
  long queue_down, queue_up;
  struct device *device = devices;
  while (device_count < MAX_DEVICES &&
         scanf("%63s %63s %lf %lf %lf %ld %ld", device->name, address, &down, &up, &delay, &queue_down, &queue_up) == 7) {
    device->address = ntohl(inet_addr(address));
    device->delay = (int64_t)(delay * 1000);
    device->directions[DOWN] = (struct direction){.rate = down, .queue = queue_down};
    device->directions[UP] = (struct direction){.rate = up, .queue = queue_up};
    for (int way = 0; way < DIRECTIONS; way++) {
      device->directions[way].ring = calloc(RING, sizeof(struct packet));
      if (!device->directions[way].ring) fail("calloc");
    }
    device->file = open_link(device->name);
    device++, device_count++;
  }
}

static void note(const struct device *device, int way, const struct packet *packet, int64_t delivery) {
  const uint8_t *ip = packet->bytes;
  struct record record = {
      .arrival = packet->arrival,
      .delivery = delivery,
      .length = packet->length,
      .device = (uint16_t)(device - devices),
      .direction = (uint8_t)way,
  };
  int header = 4 * (ip[0] & 15);
  if (ip[9] == 6 && packet->length >= header + 20) {
    const uint8_t *tcp = ip + header;
    uint32_t sequence;
    memcpy(&sequence, tcp + 4, 4);
    record.sequence = ntohl(sequence);
    record.payload = (uint32_t)(packet->length - header - 4 * (tcp[12] >> 4));
    const uint8_t *port = tcp + (way == DOWN ? 0 : 2);
    record.port = (uint16_t)(port[0] << 8 | port[1]);
    record.flags = tcp[13];
  }
  fwrite(&record, sizeof record, 1, packet_log);
}

// Reads a waiting packet at one end; returns whether there was one.
static bool receive(int file, int way, struct device *sender) {
  static struct packet packet;
  ssize_t length = read(file, packet.bytes, MAX_PACKET);
  if (length <= 0) return false;
  if (length < 20 || packet.bytes[0] >> 4 != 4) return true;
  packet.arrival = now();
  packet.length = (uint16_t)length;

  struct device *device = sender;
  for (int i = 0; !device && i < device_count; i++) {
    uint32_t destination;
    memcpy(&destination, packet.bytes + 16, 4);
    if (ntohl(destination) == devices[i].address) device = &devices[i];
  }
  if (!device) return true;

  struct direction *link = &device->directions[way];
  int64_t start = link->busy > packet.arrival ? link->busy : packet.arrival;
  double waiting = (double)(start - packet.arrival) * 1e-9 * link->rate / 8;
  if (waiting + (double)length > (double)link->queue || link->count == RING) {
    link->drops++;
    note(device, way, &packet, 0);
    return true;
  }
  link->busy = start + (int64_t)((double)length * 8e9 / link->rate);
  packet.delivery = link->busy + device->delay;
  link->ring[(link->first + link->count++) % RING] = packet;
  return true;
}

// Delivers all due packets; returns when the next is due, or 0 if none is queued.
static int64_t deliver(void) {
  int64_t next = 0;
  for (struct device *device = devices; device < devices + device_count; device++) {
    for (int way = 0; way < DIRECTIONS; way++) {
      struct direction *link = &device->directions[way];
      while (link->count) {
        struct packet *packet = &link->ring[link->first];
        int64_t time = now();
        if (packet->delivery > time) {
          if (!next || packet->delivery < next) next = packet->delivery;
          break;
        }
        int file = way == DOWN ? device->file : server_file;
        if (write(file, packet->bytes, packet->length) < 0 && errno != EAGAIN && errno != EIO) fail("write");
        note(device, way, packet, time);
        link->first = (link->first + 1) % RING;
        link->count--;
      }
    }
  }
  return next;
}

int main(int count, char **arguments) {
  if (count != 3) {
    fputs("usage: link_emulator SERVER_NAMESPACE PACKET_LOG < LINKS\n", stderr);
    return 2;
  }
  packet_log = fopen(arguments[2], "wb");
  if (!packet_log) fail(arguments[2]);
  setvbuf(packet_log, NULL, _IOFBF, 1 << 20);
  server_file = open_link(arguments[1]);
  read_links();

  // Late packets make the link slower; without real-time scheduling, the log shows such delays.
  struct sched_param priority = {.sched_priority = 50};
  if (sched_setscheduler(0, SCHED_FIFO, &priority) < 0) perror("sched_setscheduler");
  mlockall(MCL_CURRENT | MCL_FUTURE);
  struct sigaction action = {.sa_handler = stop};
  sigaction(SIGTERM, &action, NULL);
  signal(SIGINT, SIG_IGN);
  puts("ready");
  fflush(stdout);

  struct pollfd files[MAX_DEVICES + 1] = {{.fd = server_file, .events = POLLIN}};
  for (int i = 0; i < device_count; i++) files[i + 1] = (struct pollfd){.fd = devices[i].file, .events = POLLIN};
  while (!is_stopped) {
    int64_t next = deliver();
    int64_t wait = next ? next - now() : 100000000;
    if (wait < 0) wait = 0;
    struct timespec timeout = {wait / 1000000000, wait % 1000000000};
    if (ppoll(files, (nfds_t)device_count + 1, &timeout, NULL) <= 0) continue;
    for (int burst = 0; burst < 16 && receive(server_file, DOWN, NULL); burst++) {}
    for (struct device *device = devices; device < devices + device_count; device++) {
      for (int burst = 0; burst < 16 && receive(device->file, UP, device); burst++) {}
    }
  }
  fclose(packet_log);
  for (struct device *device = devices; device < devices + device_count; device++) {
    printf("%s %ld %ld\n", device->name, device->directions[DOWN].drops, device->directions[UP].drops);
  }
  return 0;
}
