// Single values of a journal by their names, such as its epoch.

import type { DatabaseSync } from 'node:sqlite'
import { isDamage } from '../journal-failures.ts'
import { parseStored } from './stored-rows.ts'

export class MetaTable {
  readonly #select
  readonly #put

  constructor(db: DatabaseSync) {
    this.#select = db.prepare('SELECT value FROM meta WHERE key = ?')
    this.#put = db.prepare('INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value')
  }

  get(key: string): string | undefined {
    return this.#select.get(key)?.value as string | undefined
  }

  put(key: string, value: string): void {
    this.#put.run(key, value)
  }

  /**
   * @param isSalvage undefined where it cannot be read
   * @throws {JournalDamaged} when it is not JSON.
   */
  json<T>(key: string, isSalvage = false): T | undefined {
    try {
      const text = this.get(key)
      return text === undefined ? undefined : parseStored<T>(text, `its entry ${key}`)
    } catch (error) {
      if (isSalvage && isDamage(error)) return undefined
      throw error
    }
  }
}
