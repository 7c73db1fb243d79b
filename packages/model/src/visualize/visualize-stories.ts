// The story graph of a project.

import { Domain } from '@tabula/dialogue'
import type { Project } from '../project/read-project.ts'
import { type StoryGraph, storyGraph } from './story-graph.ts'

/** The graph; throws ProjectError where the domain is wrong. */
export function visualizeStories({ domain, stories }: Project, maxHistory: number): StoryGraph {
  return storyGraph(stories, Domain.fromJson(domain), maxHistory)
}
