// POST /plan: what would be done with an announcement; nothing is stored.
import { preview } from '../commands/preview.ts'
import { announcementBody } from './announcement-body.ts'
import { isUrgentOf } from './budgets.ts'
import { actorOf } from './callers.ts'
import { answers, type Resource } from './routes.ts'
import { planShape } from './views.ts'

export const planRoutes: Resource = (parts) => async (app) => {
  app.post(
    '/plan',
    {
      schema: {
        tags: ['Meldungen'],
        summary: 'Sendeplan ansehen / preview the plan',
        description: 'Entscheidung und Beitrag für jeden Kanal, genau wie gesendet würde. Nothing is stored.',
        body: announcementBody,
        response: answers({ 200: planShape }),
      },
    },
    (request, reply) => {
      const plan = () => preview(parts.desk, actorOf(request), request.body)
      return isUrgentOf(actorOf(request), request.body) ? plan() : parts.budgets.read({ request, reply, what: 'plan' }, plan)
    },
  )
}
