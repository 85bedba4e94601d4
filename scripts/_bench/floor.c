/* The least a program can do between a key and the sound, and between a sound server and silence.
 *
 *   floor key MS    a window; each key press plays 0.3 s of a tone, from its crest, through a stream that always runs
 *   floor tone MS   no window; a tone of 997 Hz until it is ended
 *
 * MS is the length of the stream's buffer at the server in milliseconds.
 * cc -O2 floor.c -o floor -lX11 -lpulse -lm
 */
#include <X11/Xlib.h>
#include <math.h>
#include <pulse/pulseaudio.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RATE 48000

static volatile int pressed; /* set by the window's thread, taken by the stream's */
static int endless, left;
static uint64_t frame;

static void fill(int16_t *out, size_t frames) {
    double turn = 2 * M_PI * (endless ? 997.0 : 1000.0) / RATE;
    if (pressed) {
        pressed = 0;
        left = RATE * 3 / 10;
        frame = 0;
    }
    for (size_t i = 0; i < frames; i++) {
        int16_t value = 0;
        if (endless || left > 0) {
            value = (int16_t)lrint(16384 * cos(turn * (double)frame++));
            left -= !endless;
        }
        out[2 * i] = out[2 * i + 1] = value;
    }
}

static void wanted(pa_stream *stream, size_t bytes, void *unused) {
    (void)unused;
    while (bytes >= 4) {
        void *room;
        size_t n = bytes;
        if (pa_stream_begin_write(stream, &room, &n) < 0 || !room) return;
        n = (n < bytes ? n : bytes) / 4 * 4;
        fill(room, n / 4);
        pa_stream_write(stream, room, n, NULL, 0, PA_SEEK_RELATIVE);
        bytes -= n;
    }
}

static void connected(pa_context *context, void *milliseconds) {
    if (pa_context_get_state(context) != PA_CONTEXT_READY) return;
    pa_sample_spec format = {PA_SAMPLE_S16LE, RATE, 2};
    pa_stream *stream = pa_stream_new(context, "floor", &format, NULL);
    uint32_t none = (uint32_t)-1, target = RATE * 4 / 1000 * *(uint32_t *)milliseconds;
    pa_buffer_attr buffer = {none, target, none, none, none};
    pa_stream_set_write_callback(stream, wanted, NULL);
    pa_stream_connect_playback(stream, NULL, &buffer, PA_STREAM_ADJUST_LATENCY, NULL, NULL);
}

int main(int count, char **words) {
    if (count != 3) return 2;
    static uint32_t milliseconds;
    milliseconds = (uint32_t)atoi(words[2]);
    endless = !strcmp(words[1], "tone");
    pa_threaded_mainloop *loop = pa_threaded_mainloop_new();
    pa_context *context = pa_context_new(pa_threaded_mainloop_get_api(loop), "floor");
    pa_context_set_state_callback(context, connected, &milliseconds);
    if (pa_context_connect(context, NULL, 0, NULL) < 0 || pa_threaded_mainloop_start(loop) < 0) return 1;
    if (endless)
        for (;;) pause();
    Display *display = XOpenDisplay(NULL);
    if (!display) return 1;
    Window window = XCreateSimpleWindow(display, DefaultRootWindow(display), 10, 10, 400, 300, 0, 0, 0xffffff);
    XStoreName(display, window, "floor");
    XSelectInput(display, window, KeyPressMask);
    XMapWindow(display, window);
    for (XEvent event;;) {
        XNextEvent(display, &event);
        if (event.type == KeyPress) pressed = 1;
    }
}
