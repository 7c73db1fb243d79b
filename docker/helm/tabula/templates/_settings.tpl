{{/* endpoints.yml and credentials.yml, as a Rasa project has them */}}
{{- define "tabula.settings" -}}
{{- $settings := .Values.applicationSettings -}}
{{- $given := $settings.endpoints -}}
{{- $endpoints := dict -}}
{{- if $given.models.enabled -}}
{{- $models := dict "url" $given.models.url "wait_time_between_pulls" $given.models.waitTimeBetweenPulls -}}
{{- with $given.models.token }}{{ $_ := set $models "token" . }}{{ end -}}
{{- $_ := set $endpoints "models" $models -}}
{{- end -}}
{{- range $key, $part := dict "tracker_store" $given.trackerStore "lock_store" $given.lockStore "event_broker" $given.eventBroker -}}
{{- if $part.enabled }}{{ $_ := set $endpoints $key (omit $part "enabled") }}{{ end -}}
{{- end -}}
{{- with $given.action.endpointURL }}{{ $_ := set $endpoints "action_endpoint" (dict "url" .) }}{{ end -}}
{{- $endpoints = merge $endpoints $given.additionalEndpoints -}}
endpoints.yml: |
  {{- toYaml $endpoints | nindent 2 }}
{{- if $settings.credentials.enabled }}
credentials.yml: |
  {{- toYaml (merge (dict "rest" nil) $settings.credentials.additionalChannelCredentials) | nindent 2 }}
{{- end }}
{{- end }}
