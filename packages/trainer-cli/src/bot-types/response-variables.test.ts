import test from 'ava'
import { responseVariables } from './response-variables.ts'

test('variables are found in every text that Rasa fills, each once', t => {
  t.deepEqual(
    responseVariables([
      { text: 'Hi {name}, {city}' },
      {
        text: '{name}!',
        image: 'https://shop/{picture}.png',
        buttons: [{ title: '{title}', payload: '/x' }],
      },
      { custom: { deep: [{ text: '{amount-of-money}' }] }, elements: ['{never}'] },
    ]),
    ['name', 'city', 'picture', 'title', 'amount-of-money'],
  )
})

test('braces that are no variables are left alone', t => {
  t.deepEqual(responseVariables([{ text: '{{x}} {"json": 1} {} {0} { y }' }]), [])
})
