// What was said in a room, oldest first, and the own messages that are on their way or failed. It stays at its end
// unless one scrolls back. Text is text: nothing in it becomes markup. rooms.ts announces new messages.

'use client'

import type { RoomMessage } from '@papertape/protocol'
import { memo, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { formatTime } from '../format/format.ts'
import type { OutgoingMessage, RoomTalk } from '../orders/rooms/room-talk.ts'
import { canTryAgain, problemText } from '../orders/rooms/room-texts.ts'
import type { PageRooms } from '../orders/rooms/rooms.ts'
import lists from '../ui/lists.module.css'
import css from './RoomLog.module.css'

interface RoomLogProps {
  readonly rooms: PageRooms
  readonly talk: RoomTalk
}

export function RoomLog({ rooms, talk }: RoomLogProps) {
  const { room, messages, outgoing, sentIds, user } = talk
  const scroller = useRef<HTMLDivElement>(null)
  /** The last message that was there when one scrolled back; null at the end. */
  const [heldId, setHeldId] = useState<number | null>(null)
  const isAtEnd = useRef(true)
  isAtEnd.current = heldId === null
  const toEnd = useCallback(() => {
    scroller.current?.scrollTo(0, scroller.current.scrollHeight)
  }, [])
  // What is said by oneself is always shown.
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs after each own message
  useEffect(toEnd, [outgoing.length])
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs after each message
  useLayoutEffect(() => {
    if (heldId === null) toEnd()
  }, [messages, outgoing, heldId])
  // The place of the log shrinks, too: a warning over it, the form for a name, the keyboard of a phone.
  useEffect(() => {
    const watch = new ResizeObserver(() => isAtEnd.current && toEnd())
    watch.observe(scroller.current!)
    return () => watch.disconnect()
  }, [toEnd])
  const newCount = heldId === null ? 0 : messages.filter(({ messageId }) => messageId > heldId).length
  const isEmpty = messages.length + outgoing.length === 0
  return (
    <div className={css.place}>
      <div
        ref={scroller}
        role="log"
        // Announced one by one, at most so often: a busy room would be read out without end.
        aria-live="off"
        aria-label={`Messages in ${room}`}
        className={css.log}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keys
        tabIndex={0}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          const isEnd = scrollHeight - scrollTop - clientHeight < END_SLACK_PX
          setHeldId(isEnd ? null : (heldId ?? messages.at(-1)?.messageId ?? 0))
        }}
        data-testid="room-log"
      >
        {isEmpty && <p className={css.empty}>Nothing was said here yet.</p>}
        <ol>
          {messages.map((message, index) => (
            <Message
              key={message.messageId}
              message={message}
              before={messages[index - 1]}
              isOwn={message.user === user}
              isSent={sentIds.has(message.messageId)}
            />
          ))}
          {outgoing.map((message, index) => (
            <Outgoing
              key={message.clientMessageId}
              rooms={rooms}
              room={room}
              message={message}
              author={index === 0 && messages.at(-1)?.user !== user ? user : ''}
            />
          ))}
        </ol>
      </div>
      {newCount > 0 && (
        <button type="button" className={css.newer} onClick={toEnd} data-testid="room-newer">
          {newCount} new ↓
        </button>
      )}
    </div>
  )
}

/** Of a last line that is not whole. */
const END_SLACK_PX = 24
/** Messages of one author within this time have one heading. */
const TOGETHER_MS = 5 * 60_000

interface MessageProps {
  readonly message: RoomMessage
  readonly before: RoomMessage | undefined
  readonly isOwn: boolean
  readonly isSent: boolean
}

const Message = memo(function Message({ message, before, isOwn, isSent }: MessageProps) {
  const { messageId, user, text, ts } = message
  const timeMs = ts / 1_000
  const missed = before === undefined ? 0 : messageId - before.messageId - 1
  const date = dateOf(ts)
  const isNewDay = before !== undefined && dateOf(before.ts) !== date
  const isSameAuthor = before?.user === user && ts - before.ts < TOGETHER_MS * 1_000 && missed === 0 && !isNewDay
  return (
    <>
      {isNewDay && <li className={css.between}>{date}</li>}
      {missed > 0 && <li className={css.between}>{missed} messages are not shown</li>}
      <li className={css.message} data-own={isOwn} data-testid="room-message">
        <p className={isSameAuthor ? 'visually-hidden' : css.about}>
          <span className={css.author}>{user}</span>{' '}
          <time dateTime={new Date(timeMs).toISOString()}>{formatTime(timeMs)}</time>
        </p>
        <p className={css.text} data-testid="room-text">
          {text}
        </p>
        {isSent && (
          <span className={css.sent} title="Sent">
            <span aria-hidden="true">✓</span>
            <span className="visually-hidden">sent</span>
          </span>
        )}
      </li>
    </>
  )
})

const dateOf = (ts: number) => new Date(ts / 1_000).toISOString().slice(0, 10)

interface OutgoingProps {
  readonly rooms: PageRooms
  readonly room: string
  readonly message: OutgoingMessage
  /** Empty: the message before is of the same. */
  readonly author: string
}

function Outgoing({ rooms, room, message, author }: OutgoingProps) {
  const { clientMessageId, text, problem } = message
  return (
    <li
      className={css.message}
      data-own="true"
      data-state={problem === null ? 'sending' : 'failed'}
      data-testid="room-outgoing"
    >
      {author !== '' && (
        <p className={css.about}>
          <span className={css.author}>{author}</span>
        </p>
      )}
      <p className={css.text}>{text}</p>
      {problem === null ? (
        <p className={css.state}>Sending…</p>
      ) : (
        <p className={css.failed}>
          <span title={problem.code}>Not sent. {problemText(problem)}</span>
          <span className={css.acts}>
            {canTryAgain(problem) && (
              <button
                type="button"
                className={lists.act}
                onClick={() => rooms.sayAgain(room, clientMessageId)}
                data-testid="room-again"
              >
                Try again
              </button>
            )}
            <button type="button" className={lists.act} onClick={() => rooms.discard(room, clientMessageId)}>
              Discard
            </button>
          </span>
        </p>
      )}
    </li>
  )
}
