{{/* A role as a deployment with its service: (dict "root" . "role" "api" "probe" "/livez" "env" "...") */}}
{{- define "tabula.labels" -}}
app.kubernetes.io/name: tabula
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .role }}
{{- end }}

{{- define "tabula.role" -}}
{{- $values := index .root.Values .role -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .root.Release.Name }}-{{ .role }}
  labels: {{- include "tabula.labels" . | nindent 4 }}
spec:
  {{- if not (and .scales .root.Values.autoscaling.enabled) }}
  replicas: {{ $values.replicaCount }}
  {{- end }}
  selector:
    matchLabels: {{- include "tabula.labels" . | nindent 6 }}
  template:
    metadata:
      labels: {{- include "tabula.labels" . | nindent 8 }}
      annotations:
        checksum/settings: {{ toYaml (list .root.Values.endpoints .root.Values.credentials) | sha256sum }}
    spec:
      terminationGracePeriodSeconds: {{ .root.Values.terminationGracePeriodSeconds }}
      automountServiceAccountToken: false
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        seccompProfile: { type: RuntimeDefault }
      containers:
        - name: {{ .role }}
          image: "{{ .root.Values.image.name }}:{{ .root.Values.image.tag }}"
          imagePullPolicy: {{ .root.Values.image.pullPolicy }}
          ports:
            - { name: http, containerPort: {{ $values.port }} }
          envFrom:
            - secretRef: { name: {{ .root.Values.applicationSettings.existingSecret }} }
          env:
            - { name: TABULA_ROLE, value: {{ .role | quote }} }
            {{- range $name, $value := .env }}
            - { name: {{ $name }}, value: {{ $value | quote }} }
            {{- end }}
            {{- with .root.Values.additionalEnv }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
          readinessProbe:
            httpGet: { path: {{ .ready }}, port: http }
            periodSeconds: 5
          livenessProbe:
            httpGet: { path: {{ .live }}, port: http }
            periodSeconds: 10
            failureThreshold: 6
          resources: {{- toYaml $values.resources | nindent 12 }}
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: { drop: [ALL] }
          volumeMounts:
            - { name: tmp, mountPath: /tmp }
            - { name: settings, mountPath: /app/example-bot/endpoints.yml, subPath: endpoints.yml, readOnly: true }
            - { name: settings, mountPath: /app/example-bot/credentials.yml, subPath: credentials.yml, readOnly: true }
      volumes:
        - { name: tmp, emptyDir: {} }
        - { name: settings, secret: { secretName: {{ .root.Release.Name }}-settings } }
---
apiVersion: v1
kind: Service
metadata:
  name: {{ .root.Release.Name }}-{{ .role }}
  labels: {{- include "tabula.labels" . | nindent 4 }}
spec:
  {{- if eq .role "inference" }}
  # Headless: every pod has an address of its own.
  clusterIP: None
  {{- end }}
  selector: {{- include "tabula.labels" . | nindent 4 }}
  ports:
    - { name: http, port: {{ $values.port }}, targetPort: http }
{{- if and .scales .root.Values.autoscaling.enabled }}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ .root.Release.Name }}-{{ .role }}
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: {{ .root.Release.Name }}-{{ .role }} }
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
  name: {{ .root.Release.Name }}-{{ .role }}
spec:
  maxUnavailable: 1
  selector:
    matchLabels: {{- include "tabula.labels" . | nindent 6 }}
{{- end }}
{{- end }}
