// One HTML file of all that a test found, for people: tables that sort and search, and the messages behind each figure.

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type {
  EntityEvaluation,
  LabelEvaluation,
  NluEvaluation,
  PlayedStory,
  StoryEvaluation,
} from '@tabula/model'
import { storyReport } from '@tabula/model'

const TEMPLATE = join(import.meta.dirname, '../../assets/report.html')

export interface ReportContent {
  /** What was tested, in a line. */
  readonly about: string
  readonly nlu?: NluEvaluation
  readonly stories?: StoryEvaluation
}

/** Writes `report.html` into the folder and returns its path. It loads nothing from anywhere. */
export async function writeReportPage(folder: string, content: ReportContent): Promise<string> {
  const file = join(folder, 'report.html')
  const template = await readFile(TEMPLATE, 'utf8')
  await mkdir(folder, { recursive: true })
  await writeFile(file, fillTemplate(template, pageData(content)))
  return file
}

/** Data of a page go into it as JSON that no text in it can end early. */
export function fillTemplate(template: string, data: unknown): string {
  const json = JSON.stringify(data).replaceAll('<', '\\u003c')
  return template.replace(
    '<script type="application/json" id="data"></script>',
    () => `<script type="application/json" id="data">${json}</script>`,
  )
}

function pageData({ about, nlu, stories }: ReportContent): unknown {
  return {
    about,
    intents: labelsOf(nlu?.intents),
    responses: labelsOf(nlu?.responses),
    entities: nlu?.entities.map(entitiesOf) ?? [],
    ...(stories === undefined
      ? {}
      : { stories: stories.stories.map(storyOf), actions: figures(storyReport(stories).actions) }),
  }
}

function labelsOf(found: LabelEvaluation | null | undefined): unknown {
  return found === null || found === undefined ? null : { ...figures(found), results: found.results }
}

function figures({ report, accuracy, f1, confusion }: Omit<LabelEvaluation, 'results'>): object {
  return { report, accuracy, f1, confusion }
}

function entitiesOf({ extractor, report, f1, errors }: EntityEvaluation): unknown {
  const inWords = (entities: EntityEvaluation['errors'][number]['entities']): string =>
    entities
      .map(({ entity, value }) => `${entity}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
      .join(', ')
  return {
    extractor,
    report,
    f1,
    errors: errors.map(({ text, entities, predicted_entities }) => ({
      text,
      expected: inWords(entities),
      predicted: inWords(predicted_entities.filter(each => each.extractor === extractor)),
    })),
  }
}

function storyOf({ name, position, isRight, steps }: PlayedStory): unknown {
  return {
    name,
    place: `${position.file}:${position.line}`,
    right: isRight,
    steps: steps.flatMap(step => {
      if (step.kind === 'action') {
        const { expected, predicted } = step.result
        if (expected === predicted && expected === 'action_listen') return []
        return [{ text: `action: ${expected}`, ...(expected === predicted ? {} : { wrong: predicted }) }]
      }
      if (step.kind === 'user') {
        const said = step.event.text ?? ''
        const intent = step.event.parse_data.intent.name ?? ''
        const text = said === '' ? `user: ${intent}` : `user: ${said} (${intent})`
        const { result } = step
        return [
          result === null || result.isRight
            ? { text }
            : {
                text,
                wrong: `${result.predicted.intent} ${JSON.stringify(result.predicted.entities.map(({ entity, value }) => ({ [entity]: value })))}`,
              },
        ]
      }
      if (step.event.event === 'slot')
        return [{ text: `slot: ${step.event.name} = ${JSON.stringify(step.event.value)}` }]
      if (step.event.event === 'active_loop') return [{ text: `form: ${step.event.name ?? 'none'}` }]
      return []
    }),
  }
}
