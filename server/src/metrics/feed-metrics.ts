// The metrics of the feed, read from its counts.

import type { Feed } from '@papertape/feed'
import { byKey, type Metric, single } from './metric.ts'

export function feedMetrics(feed: Feed): readonly Metric[] {
  const counts = () => feed.measures.read()
  return [
    {
      name: 'papertape_feed_events_total',
      type: 'counter',
      help: 'Public events since the log began; its newest number',
      labels: [],
      read: () => single(feed.log.head),
    },
    {
      name: 'papertape_feed_streams',
      type: 'gauge',
      help: 'Streams and subscriptions of the feed that are open',
      labels: [],
      read: () => single(feed.readers),
    },
    {
      name: 'papertape_feed_polls',
      type: 'gauge',
      help: 'Long polls that wait or are being answered',
      labels: [],
      read: () => single(feed.polls),
    },
    {
      name: 'papertape_feed_streams_limit',
      type: 'gauge',
      help: 'How many streams, subscriptions and waiting polls there may be (--streams-max)',
      labels: [],
      read: () => single(feed.streamsMax),
    },
    {
      name: 'papertape_feed_refusals_total',
      type: 'counter',
      help: 'Streams, subscriptions and waiting polls that were refused: no place, a busy loop, shutdown, long replays',
      labels: ['cause'],
      read: () => byKey(feed.admission.refused),
    },
    {
      name: 'papertape_feed_classes',
      type: 'gauge',
      help: 'Groups of streams that asked for the same, which are sent the same bytes',
      labels: [],
      read: () => single(feed.classes),
    },
    {
      name: 'papertape_feed_queued_tasks',
      type: 'gauge',
      help: 'Work that waits for a turn of the event loop: flush, chunks of live events; replay, pages of the log',
      labels: ['queue'],
      read: () => [
        { labels: ['flush'], value: feed.queued.flushes },
        { labels: ['replay'], value: feed.queued.replays },
      ],
    },
    {
      name: 'papertape_feed_resumes_total',
      type: 'counter',
      help: 'Positions that readers gave, by what came of it: resumed, or the reason of the reset; a poll gives one each time',
      labels: ['reader', 'outcome'],
      read: () =>
        Object.entries(counts().resumes).flatMap(([reader, outcomes]) =>
          Object.entries(outcomes).map(([outcome, value]) => ({ labels: [reader, outcome], value })),
        ),
    },
    {
      name: 'papertape_feed_replayed_events_total',
      type: 'counter',
      help: 'Events that streams were sent from the log, because they resumed or were slow',
      labels: [],
      read: () => single(counts().replayed),
    },
    {
      name: 'papertape_feed_conflated_events_total',
      type: 'counter',
      help: 'Quotes and books that were merged into a later one, once for each group of streams',
      labels: [],
      read: () => single(counts().conflated),
    },
    {
      name: 'papertape_feed_slow_streams',
      type: 'gauge',
      help: 'Streams and subscriptions that were live and do not keep up, by what is done: raw, conflate, rate, book, lagging',
      labels: ['step'],
      read: () => byKey(counts().slowReaders),
    },
    {
      name: 'papertape_feed_slow_steps_total',
      type: 'counter',
      help: 'How often one of them came to a step; end: it was ended as lagging',
      labels: ['step'],
      read: () => byKey(counts().slowSteps),
    },
    {
      name: 'papertape_feed_event_age_seconds',
      type: 'histogram',
      help: 'From the stamp of the oldest event of a chunk until every stream of its group that keeps up had been written it',
      labels: [],
      read: () => single(counts().ageSeconds),
    },
  ]
}
