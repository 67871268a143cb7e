// The thread in which one picture card is set; it ends with it.
import { parentPort, workerData } from 'node:worker_threads'
import type { Card } from '../rendering/derive.ts'
import { setCard } from './card-setting.ts'

parentPort?.postMessage(await setCard(workerData as Card))
