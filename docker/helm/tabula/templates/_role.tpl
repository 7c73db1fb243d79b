{{- define "tabula.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- list .Release.Name .Values.nameOverride | compact | join "-" | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end }}

{{- define "tabula.image" -}}
{{- with .Values.image -}}
{{- with .repository }}{{ . }}/{{ end }}{{ .name }}:{{ .tag }}
{{- end -}}
{{- end }}

{{/* Labels that select the pods of a role: (dict "root" . "role" "api") */}}
{{- define "tabula.labels" -}}
app.kubernetes.io/name: tabula
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .role }}
{{- end }}

{{/* Labels of everything that is made */}}
{{- define "tabula.allLabels" -}}
{{ include "tabula.labels" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{/* A role as a deployment with its service: (dict "root" . "role" "api" "live" "/livez" "ready" "/livez" "scales" true
     "secrets" (list "SECRET_KEY") "env" (dict "API_PORT" 5000)) */}}
{{- define "tabula.role" -}}
{{- $values := index .root.Values .role -}}
{{- $name := printf "%s-%s" (include "tabula.fullname" .root) .role -}}
{{- $project := .root.Values.applicationSettings.project -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $name }}
  labels: {{- include "tabula.allLabels" . | nindent 4 }}
spec:
  {{- if not (and .scales .root.Values.autoscaling.enabled) }}
  replicas: {{ $values.replicaCount }}
  {{- end }}
  # A new pod answers before an old one goes.
  strategy:
    type: RollingUpdate
    rollingUpdate: { maxSurge: 1, maxUnavailable: 0 }
  selector:
    matchLabels: {{- include "tabula.labels" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "tabula.allLabels" . | nindent 8 }}
        {{- with .root.Values.podLabels }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      annotations:
        checksum/settings: {{ include "tabula.settings" .root | sha256sum }}
        {{- with .root.Values.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      terminationGracePeriodSeconds: {{ .root.Values.terminationGracePeriodSeconds }}
      automountServiceAccountToken: false
      {{- with .root.Values.serviceAccount.name }}
      serviceAccountName: {{ . }}
      {{- end }}
      {{- with .root.Values.image.pullSecrets }}
      imagePullSecrets: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- range $key := list "nodeSelector" "tolerations" "affinity" }}
      {{- with index $.root.Values $key }}
      {{ $key }}: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- end }}
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        runAsGroup: 1000
        fsGroup: 1000
        seccompProfile: { type: RuntimeDefault }
      containers:
        - name: {{ .role }}
          image: {{ include "tabula.image" .root | quote }}
          imagePullPolicy: {{ .root.Values.image.pullPolicy }}
          args: [start, {{ $project | quote }}{{ if .root.Values.applicationSettings.debugMode }}, --debug{{ end }}]
          ports:
            - { name: http, containerPort: {{ $values.service.port }} }
          env:
            - { name: TABULA_ROLE, value: {{ .role | quote }} }
            - { name: TABULA_STOP_NOTICE, value: {{ .root.Values.stopNotice | quote }} }
            {{- range $key, $value := .env }}
            - { name: {{ $key }}, value: {{ $value | quote }} }
            {{- end }}
            {{- range .secrets }}
            - name: {{ . }}
              valueFrom: { secretKeyRef: { name: {{ $.root.Values.applicationSettings.existingSecret }}, key: {{ . }} } }
            {{- end }}
            {{- with concat .root.Values.extraEnv .root.Values.additionalEnv }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
          startupProbe:
            httpGet: { path: {{ .live }}, port: http }
            periodSeconds: 2
            failureThreshold: 60
          readinessProbe:
            httpGet: { path: {{ .ready }}, port: http }
            periodSeconds: 5
            timeoutSeconds: 5
          livenessProbe:
            httpGet: { path: {{ .live }}, port: http }
            periodSeconds: 10
            timeoutSeconds: 5
            failureThreshold: 6
          resources: {{- toYaml $values.resources | nindent 12 }}
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: { drop: [ALL] }
          volumeMounts:
            - { name: tmp, mountPath: /tmp }
            - { name: settings, mountPath: {{ $project }}/endpoints.yml, subPath: endpoints.yml, readOnly: true }
            {{- if .root.Values.applicationSettings.credentials.enabled }}
            - { name: settings, mountPath: {{ $project }}/credentials.yml, subPath: credentials.yml, readOnly: true }
            {{- end }}
            {{- with .root.Values.volumeMounts }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
      volumes:
        - { name: tmp, emptyDir: {} }
        - { name: settings, secret: { secretName: {{ include "tabula.fullname" .root }}-settings } }
        {{- with .root.Values.volumes }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ $name }}
  labels: {{- include "tabula.allLabels" . | nindent 4 }}
  {{- with $values.service.annotations }}
  annotations: {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  {{- if eq .role "inference" }}
  # Headless: every pod has an address of its own, and the API keeps a person on one of them.
  clusterIP: None
  {{- else }}
  type: {{ $values.service.type | default "ClusterIP" }}
  {{- end }}
  selector: {{- include "tabula.labels" . | nindent 4 }}
  ports:
    - { name: http, port: {{ $values.service.port }}, targetPort: http }
{{- if and .scales .root.Values.autoscaling.enabled }}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ $name }}
  labels: {{- include "tabula.allLabels" . | nindent 4 }}
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: {{ $name }} }
  minReplicas: {{ .root.Values.autoscaling.minReplicas }}
  maxReplicas: {{ .root.Values.autoscaling.maxReplicas }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target: { type: Utilization, averageUtilization: {{ .root.Values.autoscaling.targetCPUUtilizationPercentage }} }
{{- end }}
{{- if .root.Values.podDisruptionBudget.enabled }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ $name }}
  labels: {{- include "tabula.allLabels" . | nindent 4 }}
spec:
  maxUnavailable: 1
  selector:
    matchLabels: {{- include "tabula.labels" . | nindent 6 }}
{{- end }}
{{- end }}
