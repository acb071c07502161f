// A peer of feed.ts: nginx with the module nchan, one worker, one channel. Each event is a message, published by a POST
// of its own. nginx writes to a folder of the benchmark alone.

import { existsSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs'
import net, { type AddressInfo } from 'node:net'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { killProcess, spawnProgram } from '../../server-process.ts'
import { SERVER_CORE } from '../fanload.ts'
import { connectPublisher, type FeedPeer } from './peer.ts'

const MODULE = 'ngx_nchan_module.so'
const START_MS_MAX = 10_000

export interface Nchan {
  readonly nginx: string
  readonly module: string
}

export const NCHAN_MISSING =
  'nginx with nchan is not installed: no figures of it. Debian: apt-get install libnginx-mod-nchan; or nginx in the ' +
  'PATH, and its folder of modules in NGINX_MODULES.'

/** nginx in the PATH (or in sbin, which need not be in it), and the module in a folder beside it as Debian has it. */
export function findNchan(): Nchan | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  const nginx = folders.map(folder => join(folder, 'nginx')).find(file => existsSync(file))
  if (nginx === undefined) return undefined
  const besides = ['lib/nginx/modules', 'share/nginx/modules', 'modules']
  const prefix = join(realpathSync(nginx), '../..')
  const modules = [process.env.NGINX_MODULES ?? '', ...besides.map(folder => join(prefix, folder))]
  const module = modules.map(folder => join(folder, MODULE)).find(file => existsSync(file))
  return module === undefined ? undefined : { nginx, module }
}

export async function openNchan({ nginx, module }: Nchan, folder: string): Promise<FeedPeer> {
  const port = await freePort()
  const prefix = join(folder, 'nginx')
  mkdirSync(prefix, { recursive: true })
  const file = join(prefix, 'nginx.conf')
  writeFileSync(file, configuration(module, prefix, port))
  const child = spawnProgram(nginx, ['-p', prefix, '-c', file, '-e', 'stderr'], { core: SERVER_CORE })
  try {
    const publisher = await connectSoon(port)
    publisher.resume()
    return {
      pid: child.pid!,
      url: `http://127.0.0.1:${port}/stream`,
      publish(events) {
        publisher.write(events.map(({ data }) => postOf(data)).join(''))
      },
      async close() {
        publisher.destroy()
        await killProcess(child)
      },
    }
  } catch (error) {
    await killProcess(child)
    throw error
  }
}

const postOf = (data: string) =>
  `POST /publish HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ${Buffer.byteLength(data)}\r\n\r\n${data}`

const configuration = (module: string, prefix: string, port: number) => `
load_module ${module};
daemon off;
master_process off;
pid ${prefix}/nginx.pid;
lock_file ${prefix}/nginx.lock;
error_log stderr crit;
events { worker_connections 8192; use epoll; }
http {
  access_log off;
  tcp_nodelay on;
  client_body_temp_path ${prefix}/body;
  proxy_temp_path ${prefix}/proxy;
  fastcgi_temp_path ${prefix}/fastcgi;
  uwsgi_temp_path ${prefix}/uwsgi;
  scgi_temp_path ${prefix}/scgi;
  nchan_shared_memory_size 256M;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    keepalive_requests 1000000;
    client_body_buffer_size 64k;
    location = /publish {
      nchan_publisher;
      nchan_channel_id feed;
      nchan_message_buffer_length 10000;
      nchan_message_timeout 30s;
    }
    location = /stream {
      nchan_subscriber eventsource;
      nchan_channel_id feed;
      nchan_subscriber_first_message newest;
    }
  }
}
`

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}

async function connectSoon(port: number): Promise<net.Socket> {
  for (const endMs = performance.now() + START_MS_MAX; ; await sleep(100)) {
    try {
      return await connectPublisher(port)
    } catch (error) {
      if (performance.now() > endMs) throw error
    }
  }
}
