/* TCP as captures show it: what arrives twice, late, out of order, in pieces or not at all. */
#include "harness/base/clock.h"
#include "tests/tap.h"
#include "tests/unit/packets.h"

#define LEN(text) (uint32_t)(sizeof(text) - 1)

static const struct plan_endpoint server_endpoint = {
    .actor = "server", .address = "10.0.0.2", .port = 443};
static const struct plan no_plan = {0};

static int events(const struct net *n, enum connection_event_kind kind, uint64_t pair)
{
    int found = 0;
    for (size_t i = 0; i < n->n_event; i++)
        found += n->event[i].kind == kind && n->event[i].pair == pair;
    return found;
}

static bool sound(const struct net *n, size_t want)
{
    bool good = n->n_note == want;
    for (size_t i = 0; i < n->n_note; i++) {
        const struct note *k = &n->note[i];
        good = good && k->health == SIGHT_OK;
    }
    if (!good)
        for (size_t i = 0; i < n->n_note; i++)
            printf("# %s pair %d health %d body %d %s\n", n->note[i].answer ? "answer" : "request",
                   (int)n->note[i].pair, n->note[i].health, (int)n->note[i].body_bytes,
                   n->note[i].fault);
    return good;
}

static void plain(void)
{
    struct net *n = net_new(&no_plan);
    net_handshake(n);
    net_data(n, CLIENT, 0, 0, GET_1);
    net_data(n, SERVER, 0, LEN(GET_1), OK_5);
    net_data(n, CLIENT, LEN(GET_1), LEN(OK_5), GET_2);
    net_data(n, SERVER, LEN(OK_5), LEN(GET_1 GET_2), OK_3);
    net_send(n, SERVER, TCP_FIN | TCP_ACK, LEN(OK_5 OK_3), LEN(GET_1 GET_2), NULL);
    net_send(n, CLIENT, TCP_FIN | TCP_ACK, LEN(GET_1 GET_2), LEN(OK_5 OK_3) + 1, NULL);
    net_send(n, SERVER, TCP_ACK, LEN(OK_5 OK_3) + 1, LEN(GET_1 GET_2) + 1, NULL);
    net_finish(n);
    ok(sound(n, 4), "keep-alive: two requests and two answers");
    is_int(n->note[0].first_frame, 4, "a request begins in its frame");
    is_int(n->note[0].syn_ns, NET_START_NS + 1000, "the first request carries its SYN's time");
    is_int(n->note[0].syn_ack_ns, NET_START_NS + 2000, "and the SYN-ACK's");
    is_int(n->note[2].syn_ns, 0, "later requests do not");
    is_int(n->note[1].pair, 1, "the first answer belongs to the first request");
    is_int(n->note[3].pair, 2, "the second answer belongs to the second");
    is_int(n->note[3].status, 201, "an answer has its status");
    is_int(n->note[1].body_bytes, 5, "and its body's length");
    is_int(n->note[1].last_ns, NET_START_NS + 5000, "and its frame's time");
    ok(events(n, CONNECTION_OPENED, 0) == 1 && events(n, CONNECTION_CLOSED, 0) == 1,
       "the connection is told to open and to close, once each");
    is_int(n->n_event, 2, "and nothing else is told of it");
    is_int(exchange_reader_counts(n->reader)->flows, 1, "one connection is counted");
    net_free(n);
}

static void twice(void)
{
    struct net *n = net_new(&no_plan);
    for (int i = 0; i < 2; i++)
        net_send(n, CLIENT, TCP_SYN, UINT32_MAX, 0, NULL);
    for (int i = 0; i < 2; i++)
        net_send(n, SERVER, TCP_SYN | TCP_ACK, UINT32_MAX, 0, NULL);
    for (int i = 0; i < 2; i++)
        net_data(n, CLIENT, 0, 0, GET_1);
    for (int i = 0; i < 2; i++)
        net_data(n, SERVER, 0, LEN(GET_1), OK_5);
    for (int i = 0; i < 2; i++)
        net_send(n, SERVER, TCP_FIN | TCP_ACK, LEN(OK_5), LEN(GET_1), NULL);
    for (int i = 0; i < 2; i++)
        net_send(n, CLIENT, TCP_FIN | TCP_ACK, LEN(GET_1), LEN(OK_5) + 1, NULL);
    net_finish(n);
    ok(sound(n, 2), "a capture that holds every packet twice shows each message once");
    is_int(n->note[0].first_frame, 5, "with the first copy's frame");
    is_int(n->n_event, 2, "and one opening and one closing");
    is_int(exchange_reader_counts(n->reader)->flows, 1, "of one connection");
    net_free(n);
}

#define OK_9 "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nHELLO"

static void overlap(void)
{
    struct net *n = net_new(&no_plan);
    net_handshake(n);
    net_data(n, CLIENT, 0, 0, GET_1);
    net_data(n, SERVER, 20, LEN(GET_1), &OK_5[20]);
    net_data(n, SERVER, 0, LEN(GET_1), OK_9 "!!!");
    ok(n->n_note >= 2 && n->note[1].body_bytes == 5,
       "of a byte that came early the first copy stands");
    is_int(n->note[1].first_frame, 5, "its message begins in the first of its frames");
    is_int(n->note[1].last_frame, 6, "and ends in the one that made it whole");
    net_free(n);
    n = net_new(&no_plan);
    net_handshake(n);
    net_data(n, CLIENT, 0, 0, GET_1);
    net_send_cut(n, SERVER, TCP_ACK, 0, LEN(GET_1), OK_5, LEN(OK_5) - 5, 0);
    net_data(n, SERVER, 20, LEN(GET_1), &OK_9[20]);
    ok(sound(n, 2) && n->note[1].body_bytes == 5, "so it does of a byte in its turn");
    net_free(n);
}

static void reorder(void)
{
    struct net *n = net_new(&no_plan);
    net_handshake(n);
    net_data(n, CLIENT, 10, 0, &GET_1[10]);
    net_data(n, CLIENT, 10, 0, "ZZZ");
    net_send_cut(n, CLIENT, TCP_ACK, 0, 0, GET_1, 10, 0);
    ok(sound(n, 1), "segments in the wrong order give their message");
    is_int(n->note[0].first_frame, 4, "whose first byte seen counts");
    is_int(n->note[0].last_frame, 6, "and whose last byte seen counts");
    net_data(n, SERVER, 30, LEN(GET_1), &OK_5[30]);
    net_send_cut(n, SERVER, TCP_ACK, 20, LEN(GET_1), &OK_5[20], 12, 0);
    net_send_cut(n, SERVER, TCP_ACK, 10, LEN(GET_1), &OK_5[10], 25, 0);
    net_send_cut(n, SERVER, TCP_ACK, 0, LEN(GET_1), OK_5, 15, 0);
    ok(sound(n, 2), "also in reverse order with overlaps");
    is_int(n->note[1].body_bytes, 5, "with a whole body");
    is_int(exchange_reader_counts(n->reader)->gaps, 0, "and no gap");
    net_free(n);
}

static void wrap(void)
{
    struct net *n = net_new(&no_plan);
    n->isn[CLIENT] = UINT32_MAX - 5;
    n->isn[SERVER] = UINT32_MAX - 20;
    net_handshake(n);
    net_data(n, CLIENT, 12, 0, &GET_1[12]);
    net_send_cut(n, CLIENT, TCP_ACK, 0, 0, GET_1, 12, 0);
    net_send_cut(n, SERVER, TCP_ACK, 0, LEN(GET_1), OK_5, 30, 0);
    net_data(n, SERVER, 30, LEN(GET_1), &OK_5[30]);
    ok(sound(n, 2), "sequence numbers may pass 2^32");
    net_free(n);
}

static void pipeline(void)
{
    struct net *n = net_new(&no_plan);
    net_handshake(n);
    net_data(n, CLIENT, 0, 0, GET_1 GET_2 GET_1);
    net_data(n, SERVER, 0, LEN(GET_1 GET_2 GET_1), OK_5 OK_3);
    net_data(n, SERVER, LEN(OK_5 OK_3), LEN(GET_1 GET_2 GET_1), OK_5);
    ok(sound(n, 6), "pipelined requests and answers are told apart");
    ok(n->note[3].pair == 1 && n->note[4].pair == 2 && n->note[5].pair == 3, "and paired in order");
    net_free(n);
}

static void large(void)
{
    struct net *n = net_new(&no_plan);
    static const char head[] = "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n";
    char *body = malloc(100000 + sizeof head);
    memcpy(body, head, sizeof head - 1);
    memset(body + sizeof head - 1, 'x', 100000);
    net_handshake(n);
    net_data(n, CLIENT, 0, 0, GET_1);
    net_send_cut(n, SERVER, TCP_ACK, 0, LEN(GET_1), body, 100000 + sizeof head - 1, 0);
    ok(sound(n, 2), "a segment beyond 64 KiB, whose IP length is 0, is read whole");
    is_int(n->note[1].body_bytes, 100000, "with all of its body");
    free(body);
    net_free(n);
}

static void body_gap(void)
{
    struct net *n = net_new(&no_plan);
    uint32_t at = LEN(OK_5) - 4; /* 'h' arrives, 'el' is lost */
    net_handshake(n);
    net_data(n, CLIENT, 0, 0, GET_1);
    net_send_cut(n, SERVER, TCP_ACK, 0, LEN(GET_1), OK_5, at, 0);
    net_data(n, SERVER, at + 2, LEN(GET_1), "lo" OK_3);
    is_int(n->n_note, 1, "a hole is waited for");
    net_data(n, CLIENT, LEN(GET_1), LEN(OK_5 OK_3), GET_2);
    is_int(n->n_note, 4, "until the receiver acknowledges what lies behind it");
    ok(n->note[1].answer && n->note[1].health == SIGHT_GAP && n->note[1].pair == 1,
       "the answer with a hole in its body is told as one, with its request");
    is_int(n->note[1].status, 200, "and its status");
    is_int(n->note[1].last_frame, 6, "and its last frame");
    ok(n->note[2].answer && n->note[2].health == SIGHT_OK, "what follows is read");
    is_int(exchange_reader_counts(n->reader)->gaps, 1, "one gap is counted");
    net_free(n);
}

static void head_gap(void)
{
    struct net *n = net_new(&no_plan);
    net_handshake(n);
    net_data(n, CLIENT, 0, 0, GET_1);
    net_send_cut(n, SERVER, TCP_ACK, 0, LEN(GET_1), OK_5, 10, 0);
    net_data(n, SERVER, 20, LEN(GET_1), &OK_5[20]);
    net_data(n, CLIENT, LEN(GET_1), LEN(OK_5), GET_2);
    net_data(n, SERVER, LEN(OK_5), LEN(GET_1 GET_2), OK_3);
    is_int(n->n_note, 4, "an answer with a hole in its head does not stop the reading");
    ok(n->note[1].health == SIGHT_GAP && n->note[1].pair == 1, "it is told as damaged");
    ok(n->note[3].health == SIGHT_OK && n->note[3].pair == 2, "the next one is paired rightly");
    net_free(n);
}

static void lost_stretch(void)
{
    struct net *n = net_new(&no_plan);
    net_handshake(n);
    net_data(n, CLIENT, 0, 0, GET_1);
    /* lost: the answer to 1 and the request 2 */
    net_data(n, SERVER, LEN(OK_5), LEN(GET_1 GET_2), OK_3);
    net_data(n, CLIENT, LEN(GET_1 GET_2), LEN(OK_5 OK_3), GET_1);
    net_data(n, SERVER, LEN(OK_5 OK_3), LEN(GET_1 GET_2 GET_1), OK_5);
    net_finish(n);
    int wrong = 0, lost = 0, right = 0;
    for (size_t i = 0; i < n->n_note; i++) {
        const struct note *k = &n->note[i];
        wrong += k->answer && k->status == 201 && k->pair == 1;
        lost += k->answer && k->health == SIGHT_GAP && k->pair == 1;
        right += k->answer && k->status == 200 && k->health == SIGHT_OK && k->first_frame == 7;
    }
    is_int(wrong, 0, "the second answer is not given to the first request");
    is_int(lost, 1, "whose own answer is told as lost by the capture");
    is_int(right, 1, "and the reading goes on");
    is_int(n->event[n->n_event - 1].kind, CONNECTION_OPENED, "no request is told as unanswered");
    net_free(n);
}

static int answers(const struct net *n, uint64_t pair, enum sighting_health health)
{
    int found = 0;
    for (size_t i = 0; i < n->n_note; i++)
        found += n->note[i].answer && n->note[i].pair == pair && n->note[i].health == (int)health;
    return found;
}

/* Two requests are seen, neither of their answers. */
static struct net *two_lost(void)
{
    struct net *n = net_new(&no_plan);
    net_handshake(n);
    net_data(n, CLIENT, 0, 0, GET_1);
    net_data(n, CLIENT, LEN(GET_1), LEN(OK_5), GET_2);
    return n;
}

static void lost_answers(void)
{
    uint32_t asked = LEN(GET_1 GET_2), told = LEN(OK_5 OK_5);
    struct net *n = two_lost(); /* then an exchange that is seen whole */
    net_data(n, CLIENT, asked, told, GET_1);
    net_data(n, SERVER, told, asked + LEN(GET_1), OK_3);
    net_finish(n);
    ok(answers(n, 1, SIGHT_GAP) == 1 && answers(n, 2, SIGHT_GAP) == 1,
       "two answers lost in one stretch are told as lost");
    is_int(answers(n, 3, SIGHT_OK), 1, "and the next one finds its request");
    net_free(n);
    n = two_lost(); /* then an answer whose request was lost as well */
    net_data(n, SERVER, told, asked + LEN(GET_1), OK_3);
    net_data(n, CLIENT, asked + LEN(GET_1), told + LEN(OK_3), NULL);
    net_finish(n);
    ok(answers(n, 1, SIGHT_GAP) == 1 && answers(n, 2, SIGHT_GAP) == 1, "so they are here");
    is_int(answers(n, 0, SIGHT_OK), 1, "and the answer to a lost request has none");
    net_free(n);
    n = net_new(&no_plan); /* pipelined ones, then an exchange that is seen whole */
    net_handshake(n);
    net_data(n, CLIENT, 0, 0, GET_1 GET_2);
    net_data(n, CLIENT, asked, told, GET_1);
    net_data(n, SERVER, told, asked + LEN(GET_1), OK_3);
    net_finish(n);
    ok(answers(n, 1, SIGHT_GAP) == 1 && answers(n, 2, SIGHT_GAP) == 1,
       "so are lost answers to pipelined requests");
    is_int(answers(n, 3, SIGHT_OK), 1, "and the next one finds its request");
    net_free(n);
    n = two_lost(); /* then the end */
    net_send(n, SERVER, TCP_FIN | TCP_ACK, told, asked, NULL);
    net_data(n, CLIENT, asked, told + 1, NULL);
    n->now_ns += NS_PER_S;
    net_send(n, CLIENT, TCP_FIN | TCP_ACK, asked, told + 1, NULL);
    net_finish(n);
    ok(answers(n, 1, SIGHT_GAP) == 1 && answers(n, 2, SIGHT_GAP) == 1,
       "also when the connection ends behind them");
    is_int(events(n, CONNECTION_CLOSED, 1) + events(n, CONNECTION_CLOSED, 2), 0,
           "and not as unanswered");
    net_free(n);
}

static void tail_gap(void)
{
    struct net *n = net_new(&no_plan);
    net_handshake(n);
    net_data(n, CLIENT, 0, 0, GET_1);
    net_data(n, CLIENT, LEN(GET_1), LEN(OK_5),
             NULL); /* acknowledges an answer that was not captured */
    is_int(n->n_note, 1, "an acknowledged answer may still come in the file");
    n->now_ns += NS_PER_S;
    net_data(n, CLIENT, LEN(GET_1), LEN(OK_5), NULL);
    ok(n->n_note == 2 && n->note[1].health == SIGHT_GAP && n->note[1].pair == 1,
       "but not for ever: then the capture lost it");
    net_free(n);
}

static void end_gap(void)
{
    struct net *n = net_new(&no_plan);
    net_handshake(n);
    net_data(n, CLIENT, 0, 0, GET_1 GET_2);
    net_send_cut(n, SERVER, TCP_ACK, 0, LEN(GET_1 GET_2), OK_5, 20, 0);
    net_data(n, SERVER, LEN(OK_5), LEN(GET_1 GET_2), OK_3);
    net_finish(n);
    ok(answers(n, 1, SIGHT_GAP) == 1 && answers(n, 2, SIGHT_OK) == 1,
       "what waits behind a hole when the capture ends is read");
    net_free(n);
}

static void snapped(void)
{
    struct net *n = net_new(&no_plan);
    net_handshake(n);
    net_data(n, CLIENT, 0, 0, GET_1);
    net_send_cut(n, SERVER, TCP_ACK, 0, LEN(GET_1), OK_5, LEN(OK_5), 3);
    net_data(n, CLIENT, LEN(GET_1), LEN(OK_5), GET_2);
    net_data(n, SERVER, LEN(OK_5), LEN(GET_1 GET_2), OK_3);
    ok(n->n_note == 4 && n->note[1].health == SIGHT_GAP && n->note[3].health == SIGHT_OK,
       "a frame cut by the capture is a gap, and what follows is read");
    net_free(n);
}

static void midstream(void)
{
    struct net *n = net_new(&no_plan);
    net_data(n, SERVER, 0, 500, "the end of some body");
    net_data(n, CLIENT, 500, 20, GET_1);
    net_data(n, SERVER, 20, 500 + LEN(GET_1), OK_5);
    ok(sound(n, 2), "a connection that was open before is picked up at a message's start");
    ok(n->note[1].pair == 1 && n->note[0].client_port == 40000, "with the right roles and pairs");
    net_free(n);
    n = net_new(&no_plan);
    n->client_port = 79; /* the lower port is the client's, against the usual */
    net_data(n, SERVER, 20, 500, OK_5);
    net_data(n, CLIENT, 500, 20 + LEN(OK_5), GET_1);
    ok(sound(n, 2), "the bytes tell who is the client");
    ok(n->note[0].answer && n->note[0].pair == 0, "an answer whose request was not seen has none");
    is_int(n->note[1].client_port, 79, "and the client is known by what it says");
    net_free(n);
}

static void resets(void)
{
    struct net *n = net_new(&no_plan);
    net_handshake(n);
    net_data(n, CLIENT, 0, 0, GET_1);
    net_send_cut(n, SERVER, TCP_ACK, 0, LEN(GET_1), OK_5, LEN(OK_5) - 2, 0);
    net_send(n, SERVER, TCP_RST, LEN(OK_5) - 2, 0, NULL);
    ok(n->n_note == 2 && n->note[1].health == SIGHT_TRUNCATED && n->note[1].pair == 1,
       "an answer that a reset cuts is truncated");
    net_free(n);
    n = net_new(&no_plan);
    net_handshake(n);
    net_data(n, CLIENT, 0, 0, GET_1);
    net_send(n, SERVER, TCP_RST, 0, 0, NULL);
    net_data(n, CLIENT, LEN(GET_1), 0, GET_2);
    net_finish(n);
    is_int(events(n, CONNECTION_RESET, 1), 1, "a request that a reset leaves unanswered is told");
    is_int(events(n, CONNECTION_RESET, 2), 1, "also one that was on its way already");
    net_free(n);
    n = net_new(&no_plan);
    net_handshake(n);
    net_data(n, CLIENT, 0, 0, GET_1);
    net_send(n, CLIENT, TCP_RST, LEN(GET_1), 0, NULL);
    is_int(events(n, CONNECTION_CLOSED, 1), 1, "a client that gives up closes, which is no reset");
    is_int(events(n, CONNECTION_RESET, 1), 0, "and not told as one");
    net_free(n);
}

static void closings(void)
{
    struct net *n = net_new(&no_plan);
    net_handshake(n);
    net_data(n, CLIENT, 0, 0, GET_1);
    net_data(n, SERVER, 0, LEN(GET_1), "HTTP/1.0 200 OK\r\n\r\nall of it");
    is_int(n->n_note, 1, "a body without length ends with its connection");
    net_send(n, SERVER, TCP_FIN | TCP_ACK, 28, LEN(GET_1), NULL);
    ok(sound(n, 2) && n->note[1].body_bytes == 9, "and is whole then");
    net_free(n);
    n = net_new(&no_plan);
    net_handshake(n);
    net_data(n, CLIENT, 0, 0, GET_1);
    net_send(n, SERVER, TCP_FIN | TCP_ACK, 0, LEN(GET_1), NULL);
    is_int(events(n, CONNECTION_CLOSED, 1), 1, "a request left unanswered by FIN is told");
    net_free(n);
    n = net_new(&no_plan);
    net_handshake(n);
    net_data(n, CLIENT, 0, 0, GET_1);
    net_send(n, SERVER, TCP_FIN | TCP_ACK, LEN(OK_5), LEN(GET_1), NULL); /* in front of its data */
    net_data(n, SERVER, 0, LEN(GET_1), OK_5);
    ok(sound(n, 2) && events(n, CONNECTION_CLOSED, 1) == 0,
       "a FIN waits for the bytes in front of it");
    net_free(n);
    n = net_new(&no_plan);
    net_handshake(n);
    net_data(n, CLIENT, 0, 0, GET_1);
    net_send_cut(n, SERVER, TCP_ACK, 0, LEN(GET_1), OK_5, 20, 0);
    net_finish(n);
    ok(n->n_note == 2 && n->note[1].health == SIGHT_GAP,
       "the end of the capture is nobody's fault");
    is_int(events(n, CONNECTION_CLOSED, 0), 0, "and closes nothing");
    net_free(n);
}

static void reuse(void)
{
    struct net *n = net_new(&no_plan);
    for (int i = 0; i < 3; i++) {
        n->isn[CLIENT] += 100000;
        n->isn[SERVER] += 100000;
        net_handshake(n);
        net_data(n, CLIENT, 0, 0, GET_1);
        net_data(n, SERVER, 0, LEN(GET_1), OK_5);
        if (i == 0) /* the others end unseen */
            net_send(n, SERVER, TCP_RST, LEN(OK_5), 0, NULL);
    }
    net_finish(n);
    ok(sound(n, 6), "ports used again make new connections");
    ok(n->note[1].stream == 0 && n->note[3].stream == 1 && n->note[5].stream == 2,
       "with new numbers");
    net_free(n);
}

/* The server still has the old connection half open: it acknowledges that one, the client resets it
 * and sends its SYN again. */
static void reuse_of_half_open(void)
{
    struct net *n = net_new(&no_plan);
    net_handshake(n);
    net_data(n, CLIENT, 0, 0, GET_1);
    net_send(n, CLIENT, TCP_FIN | TCP_ACK, LEN(GET_1), 0, NULL);
    uint32_t old_client = n->isn[CLIENT], old_server = n->isn[SERVER];
    n->now_ns += 60 * NS_PER_S;
    n->isn[CLIENT] += 3000000000u;
    net_send(n, CLIENT, TCP_SYN, UINT32_MAX, 0, NULL);
    uint32_t new_client = n->isn[CLIENT];
    n->isn[CLIENT] = old_client;
    net_send(n, SERVER, TCP_ACK, 0, LEN(GET_1) + 1, NULL);
    net_send(n, CLIENT, TCP_RST, LEN(GET_1) + 1, 0, NULL);
    n->isn[CLIENT] = new_client;
    n->isn[SERVER] = old_server + 12345;
    net_handshake(n);
    net_data(n, CLIENT, 0, 0, GET_1);
    net_data(n, SERVER, 0, LEN(GET_1), OK_5);
    net_finish(n);
    ok(n->n_note == 3 && n->note[2].health == SIGHT_OK && n->note[2].pair == 2,
       "a connection on ports still half open at the server is read");
    is_int(events(n, CONNECTION_REFUSED, 0), 0, "and was not refused");
    net_free(n);
}

static void openings(void)
{
    struct net *n = net_new(&no_plan);
    net_send(n, CLIENT, TCP_SYN, UINT32_MAX, 0, NULL);
    net_send(n, SERVER, TCP_RST | TCP_ACK, 0, 0, NULL);
    is_int(events(n, CONNECTION_REFUSED, 0), 1, "a SYN answered by RST is refused");
    net_finish(n);
    is_int(n->n_event, 1, "which is told once");
    is_int(n->event[0].syn_ns, NET_START_NS + 1000, "with its SYN's time");
    net_free(n);

    n = net_new(&no_plan);
    net_send(n, CLIENT, TCP_SYN, UINT32_MAX, 0, NULL);
    n->now_ns += NS_PER_S;
    net_send(n, CLIENT, TCP_SYN, UINT32_MAX, 0, NULL);
    net_finish(n);
    ok(n->n_event == 1 && n->event[0].kind == CONNECTION_UNANSWERED,
       "SYNs without an answer are told");
    net_free(n);

    n = net_new(&no_plan);
    net_send(n, CLIENT, TCP_SYN, UINT32_MAX, 0, NULL);
    /* the answer quotes the SYN: type 3, then its IP header and 8 bytes */
    uint8_t quote[28];
    memcpy(quote, n->bytes + 14, sizeof quote);
    uint8_t *ip = n->bytes + put_ethernet(n->bytes, 0x0800);
    memset(ip + 20, 0, 8);
    ip[20] = 3;
    memcpy(ip + 28, quote, sizeof quote);
    size_t len = 14 + put_ipv4(ip, SERVER, 1, 8 + sizeof quote);
    net_frame(n, 1, len, len);
    is_int(events(n, CONNECTION_REFUSED, 0), 1, "ICMP unreachable refuses as well");
    net_free(n);

    n = net_new(&no_plan);
    net_send(n, CLIENT, TCP_SYN, UINT32_MAX, 0, NULL);
    net_data(n, CLIENT, 0, 0, NULL); /* the SYN-ACK was not captured */
    net_data(n, CLIENT, 0, 0, GET_1);
    net_data(n, SERVER, 0, LEN(GET_1), OK_5);
    net_finish(n);
    ok(sound(n, 2) && events(n, CONNECTION_UNANSWERED, 0) == 0, "a lost SYN-ACK does no harm");
    net_free(n);
}

static void window(void)
{
    struct net *n = net_new(&no_plan);
    net_handshake(n);
    n->window[SERVER] = 0;
    net_data(n, SERVER, 0, 0, NULL);
    net_data(n, CLIENT, UINT32_MAX, 0, NULL); /* probe */
    int64_t probe_ns = n->now_ns;
    net_data(n, SERVER, 0, 0, NULL);
    net_data(n, CLIENT, UINT32_MAX, 0, NULL);
    n->window[SERVER] = 1000;
    net_data(n, SERVER, 0, 0, NULL);
    net_data(n, CLIENT, 0, 0, GET_1);
    net_data(n, SERVER, 0, LEN(GET_1), OK_5);
    net_data(n, CLIENT, LEN(GET_1) - 1, LEN(OK_5), "\n"); /* keep-alive with an old byte */
    net_data(n, CLIENT, LEN(GET_1), LEN(OK_5), GET_2);
    ok(sound(n, 3), "window probes and keep-alives are no data");
    is_int(n->note[0].held_ns, probe_ns,
           "a request behind a closed window says since when it waited");
    is_int(n->note[2].held_ns, 0, "one that did not wait says nothing");
    net_free(n);
}

/* A request that is sent again after 300 ms and acknowledged so long after that. */
static struct net *sent_again(int64_t acknowledged_ns, bool syn_ack_again, bool window_closed)
{
    struct net *n = net_new(&no_plan);
    net_handshake(n);
    net_data(n, CLIENT, 0, 0, GET_1);
    if (syn_ack_again)
        net_send(n, SERVER, TCP_SYN | TCP_ACK, UINT32_MAX, 0, NULL);
    if (window_closed) {
        n->window[SERVER] = 0;
        net_data(n, SERVER, 0, 0, NULL);
    }
    n->now_ns += 300 * NS_PER_MS;
    net_data(n, CLIENT, 0, 0, GET_1);
    n->now_ns += acknowledged_ns;
    net_data(n, SERVER, 0, LEN(GET_1), OK_5);
    net_finish(n);
    return n;
}

static void again(void)
{
    struct net *n = sent_again(NS_PER_MS, false, false);
    ok(sound(n, 2) && events(n, CONNECTION_RESENT, 1) == 1,
       "a request sent again and acknowledged at once is told as such");
    int64_t told_ns = 0;
    for (size_t i = 0; i < n->n_event; i++)
        if (n->event[i].kind == CONNECTION_RESENT)
            told_ns = n->event[i].ts_ns;
    ok(told_ns >= NET_START_NS + 300 * NS_PER_MS && told_ns < NET_START_NS + 301 * NS_PER_MS,
       "with the time of that copy");
    net_free(n);
    n = sent_again(2 * NS_PER_S, false, false);
    is_int(events(n, CONNECTION_RESENT, 1), 0, "acknowledged only later, it was not the copy");
    net_free(n);
    n = sent_again(NS_PER_MS, true, false);
    is_int(events(n, CONNECTION_RESENT, 1), 0,
           "nor where the server had no room for the connection");
    net_free(n);
    n = sent_again(NS_PER_MS, false, true);
    is_int(events(n, CONNECTION_RESENT, 1), 0, "nor where it had closed its window");
    net_free(n);

    n = net_new(&no_plan);
    net_handshake(n);
    net_send_cut(n, CLIENT, TCP_ACK, 0, 0, GET_1, 10, 0);
    n->now_ns += 300 * NS_PER_MS;
    net_send_cut(n, CLIENT, TCP_ACK, 0, 0, GET_1, 10, 0);
    net_data(n, SERVER, 0, 10, NULL);
    net_data(n, CLIENT, 10, 0, &GET_1[10]);
    net_data(n, SERVER, 0, LEN(GET_1), OK_5);
    net_data(n, CLIENT, LEN(GET_1), LEN(OK_5), GET_2);
    net_finish(n);
    ok(n->n_note >= 3 && n->note[0].resent_ns > NET_START_NS + 300 * NS_PER_MS,
       "a request of which a part was sent again says so itself");
    is_int(n->note[2].resent_ns, 0, "and the next one does not");
    net_free(n);
}

static void ceiling(void)
{
    struct net *n = net_new(&no_plan);
    char *block = malloc(60000);
    memset(block, 'x', 60000);
    net_handshake(n);
    net_data(n, CLIENT, 0, 0, GET_1);
    net_send_cut(n, SERVER, TCP_ACK, 0, LEN(GET_1),
                 "HTTP/1.1 200 OK\r\nContent-Length: 1800000\r\n\r\n", 44, 0);
    for (uint32_t i = 1; i < 30; i++) /* the first 60000 never come and are never acknowledged */
        net_send_cut(n, SERVER, TCP_ACK, 44 + i * 60000, LEN(GET_1), block, 60000, 0);
    net_data(n, SERVER, 44 + 1800000, LEN(GET_1), OK_3);
    ok(n->n_note >= 2 && n->note[1].health == SIGHT_GAP, "what waits behind a hole has a ceiling");
    ok(exchange_reader_counts(n->reader)->limited > 0, "which is counted");
    is_int(n->note[1].pair, 1, "the damaged answer keeps its request");
    ok(n->n_note == 3 && n->note[2].status == 201, "and the reading goes on behind it");
    free(block);
    net_free(n);
}

static void horizon(void)
{
    for (int lossy = 0; lossy < 2; lossy++) {
        struct net *n = net_new(&no_plan);
        net_handshake(n);
        net_data(n, CLIENT, 0, 0, GET_1);
        net_send_cut(n, SERVER, TCP_ACK, 0, LEN(GET_1), OK_5, LEN(OK_5) - 4, 0);
        net_data(n, SERVER, LEN(OK_5) - 2, LEN(GET_1), "lo");
        if (lossy)
            exchange_reader_loss(n->reader, n->now_ns - 100, n->now_ns + 100);
        n->now_ns += 5 * NS_PER_S;
        net_data(n, SERVER, LEN(OK_5), LEN(GET_1), NULL);
        is_int(n->n_note, 1 + lossy, "a hole is %s",
               lossy ? "given up soon where the capture lost packets" : "else waited for");
        n->now_ns += 130 * NS_PER_S;
        net_data(n, SERVER, LEN(OK_5), LEN(GET_1), NULL);
        is_int(n->n_note, 2, "and given up in the end");
        net_free(n);
    }
}

static void others(void)
{
    static const char hello[] = "\x16\x03\x01\x02\x05\x01\x02\x03";
    struct net *n = net_new(&no_plan);
    net_handshake(n);
    net_data(n, CLIENT, 0, 0, hello);
    net_data(n, CLIENT, LEN(hello), 0, "more");
    net_data(n, SERVER, 0, LEN(hello), hello);
    net_data(n, CLIENT, LEN(hello) + 4, LEN(hello), "request");
    ok(sound(n, 3) && n->note[0].encrypted && n->note[1].encrypted && n->note[2].encrypted,
       "TLS is told once for each change of direction");
    is_int(n->note[1].pair, 1, "and paired");
    net_free(n);

    n = net_new(&no_plan);
    net_handshake(n);
    net_data(n, CLIENT, 0, 0, "SSH-2.0-client\r\n");
    net_data(n, SERVER, 0, 16, "SSH-2.0-server\r\n");
    is_int(n->n_note, 0, "another protocol elsewhere is not told");
    net_free(n);

    struct plan plan = {.endpoint = &server_endpoint, .n_endpoint = 1};
    n = net_new(&plan);
    n->server_port = 443;
    net_handshake(n);
    net_data(n, CLIENT, 0, 0, GET_1);
    net_data(n, SERVER, 0, LEN(GET_1), "SSH-2.0-server\r\n");
    ok(n->n_note == 2 && n->note[1].health == SIGHT_BAD && n->note[1].pair == 1,
       "but an endpoint of the plan that answers in another protocol is at fault");
    is_int(n->note[1].endpoint, 0, "and named");
    net_free(n);

    n = net_new(&no_plan);
    net_handshake(n);
    net_data(n, CLIENT, 0, 0, "HEAD /1 HTTP/1.1\r\n\r\n" GET_2);
    net_data(n, SERVER, 0, 20 + LEN(GET_2), "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" OK_3);
    ok(sound(n, 4) && n->note[2].body_bytes == 0 && n->note[3].status == 201, "HEAD has no body");
    net_free(n);

    n = net_new(&no_plan);
    net_handshake(n);
    net_data(n, CLIENT, 0, 0, GET_1);
    net_data(n, SERVER, 0, LEN(GET_1), "HTTP/1.1 100 Continue\r\n\r\n" OK_5);
    ok(sound(n, 2) && n->note[1].status == 200 && n->note[1].pair == 1,
       "an interim answer is none");
    net_free(n);

    n = net_new(&no_plan);
    net_handshake(n);
    net_data(n, CLIENT, 0, 0, "CONNECT h:1 HTTP/1.1\r\n\r\n");
    net_data(n, SERVER, 0, 24, "HTTP/1.1 200 OK\r\n\r\n");
    net_data(n, CLIENT, 24, 19, GET_1);
    ok(sound(n, 2), "behind CONNECT another protocol follows");
    net_free(n);
}

static void marks(void)
{
    struct net *n = net_new(&no_plan);
    for (uint32_t i = 0; i < 6; i++) {
        memset(n->bytes, 0, 60);
        (void)put_ethernet(n->bytes, MARK_ETHERTYPE);
        memcpy(n->bytes + 14, MARK_MAGIC, sizeof MARK_MAGIC);
        put32(n->bytes + 26, i / 2);
        put32(n->bytes + 34, 1);
        net_frame(n, 1, 60, 60);
    }
    is_int(n->n_mark, 3, "each mark is told once");
    net_free(n);
}

static void many(void)
{
    struct net *n = net_new(&no_plan);
    for (unsigned i = 0; i < 50000; i++) {
        n->client_port = (uint16_t)(10000 + i % 50000);
        net_send(n, CLIENT, TCP_SYN, UINT32_MAX, 0, NULL);
        net_send(n, SERVER, TCP_SYN | TCP_ACK, UINT32_MAX, 0, NULL);
        net_send(n, SERVER, TCP_RST, 0, 0, NULL);
        n->n_event = 0;
    }
    is_int(exchange_reader_counts(n->reader)->flows, 50000,
           "connections in great number are counted");
    is_int(exchange_reader_counts(n->reader)->limited, 0, "and forgotten after their end");
    n->n_event = 0;
    net_finish(n);
    is_int(n->n_event, 0, "of ended connections nothing is left to tell");
    net_free(n);
}

int main(void)
{
    plain();
    twice();
    overlap();
    reorder();
    wrap();
    pipeline();
    large();
    body_gap();
    head_gap();
    lost_stretch();
    lost_answers();
    tail_gap();
    end_gap();
    snapped();
    midstream();
    resets();
    closings();
    reuse();
    reuse_of_half_open();
    openings();
    window();
    again();
    ceiling();
    horizon();
    others();
    marks();
    many();
    return done_testing();
}
