// The thread in which picture cards are set: its fonts and its dictionary are read once.
import { parentPort } from 'node:worker_threads'
import type { Card } from '../rendering/derive.ts'
import { cardSvg } from './card-face.ts'

parentPort?.on('message', ({ number, asked }: { number: number; asked: Card }) => parentPort?.postMessage({ number, said: cardSvg(asked) }))
