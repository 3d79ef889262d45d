package validate

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	monitoringv1 "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	monitoringv1alpha1 "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1alpha1"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"
)

// cluster is what would be applied, by kind.
type cluster struct {
	namespaces     []corev1.Namespace
	configMaps     []corev1.ConfigMap
	claims         []corev1.PersistentVolumeClaim
	services       []corev1.Service
	deployments    []appsv1.Deployment
	policies       []networkingv1.NetworkPolicy
	monitors       []monitoringv1.ServiceMonitor
	scrapes        []monitoringv1alpha1.ScrapeConfig
	namespacedMeta []metav1.ObjectMeta
}

// decode reads an object as what it says it is, in which a field that Kubernetes
// does not know is an error.
func (c *cluster) decode(t *testing.T, text []byte) {
	t.Helper()
	var kind metav1.TypeMeta
	if err := yaml.Unmarshal(text, &kind); err != nil {
		t.Fatal(err)
	}
	switch kind.APIVersion + " " + kind.Kind {
	case "v1 Namespace":
		c.namespaces = append(c.namespaces, strict[corev1.Namespace](t, text))
		return
	case "v1 ConfigMap":
		c.configMaps = append(c.configMaps, strict[corev1.ConfigMap](t, text))
	case "v1 PersistentVolumeClaim":
		c.claims = append(c.claims, strict[corev1.PersistentVolumeClaim](t, text))
	case "v1 Service":
		c.services = append(c.services, strict[corev1.Service](t, text))
	case "apps/v1 Deployment":
		c.deployments = append(c.deployments, strict[appsv1.Deployment](t, text))
	case "networking.k8s.io/v1 NetworkPolicy":
		c.policies = append(c.policies, strict[networkingv1.NetworkPolicy](t, text))
	case "monitoring.coreos.com/v1 ServiceMonitor":
		c.monitors = append(c.monitors, strict[monitoringv1.ServiceMonitor](t, text))
	case "monitoring.coreos.com/v1alpha1 ScrapeConfig":
		c.scrapes = append(c.scrapes, strict[monitoringv1alpha1.ScrapeConfig](t, text))
	default:
		t.Fatalf("nobody knows what this is:\n%s", text)
	}
	c.namespacedMeta = append(c.namespacedMeta, strict[metav1.PartialObjectMetadata](t, metadata(t, text)).ObjectMeta)
}

// metadata is an object without its content.
func metadata(t *testing.T, text []byte) []byte {
	t.Helper()
	var object map[string]any
	if err := yaml.Unmarshal(text, &object); err != nil {
		t.Fatal(err)
	}
	only, err := yaml.Marshal(map[string]any{"metadata": object["metadata"]})
	if err != nil {
		t.Fatal(err)
	}
	return only
}

func strict[T any](t *testing.T, text []byte) T {
	t.Helper()
	var object T
	if err := yaml.UnmarshalStrict(text, &object); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return object
}

// build runs kustomize on the folder, after the changes of its topmost file.
func build(t *testing.T, changes ...string) *cluster {
	t.Helper()
	files := filesys.MakeFsInMemory()
	if err := filepath.WalkDir("../kubernetes", func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if path == "../kubernetes/kustomization.yaml" {
			changed := strings.NewReplacer(changes...).Replace(string(text))
			if len(changes) > 0 && changed == string(text) {
				t.Fatalf("%s has none of %q", path, changes)
			}
			text = []byte(changed)
		}
		return files.WriteFile("/"+strings.TrimPrefix(path, "../"), text)
	}); err != nil {
		t.Fatal(err)
	}
	resources, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(files, "/kubernetes")
	if err != nil {
		t.Fatal(err)
	}
	c := &cluster{}
	for _, resource := range resources.Resources() {
		text, err := resource.AsYAML()
		if err != nil {
			t.Fatal(err)
		}
		c.decode(t, text)
	}
	return c
}

// withPushes is the line that turns the component on.
var withPushes = []string{"#- pushes", "- pushes"}

// TestKubernetes builds what is applied, without and with the component for
// devices that push, and looks whether its parts fit together.
func TestKubernetes(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		changes  []string
		services []string
		policies []string
		claims   int
		scrapes  int
	}{
		"as it is": {
			services: []string{"power-exporter"}, policies: []string{"power-exporter"}, scrapes: 1,
		},
		"with pushes": {
			changes:  withPushes,
			services: []string{"power-exporter", "power-exporter-push"}, policies: []string{"power-exporter", "power-exporter-push"},
			claims: 1, scrapes: 1,
		},
		"without Prometheus Operator": {
			changes:  []string{"- operator", ""},
			services: []string{"power-exporter"}, policies: []string{"power-exporter"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := build(t, test.changes...)
			if len(c.namespaces) != 1 || len(c.configMaps) != 1 || len(c.deployments) != 1 {
				t.Fatalf("there are %d namespaces, %d config maps and %d deployments, not one of each", len(c.namespaces), len(c.configMaps), len(c.deployments))
			}
			var services, policies []string
			for i := range c.services {
				services = append(services, c.services[i].Name)
			}
			for i := range c.policies {
				policies = append(policies, c.policies[i].Name)
			}
			slices.Sort(services)
			slices.Sort(policies)
			if !slices.Equal(services, test.services) || !slices.Equal(policies, test.policies) {
				t.Errorf("there are services %q and policies %q", services, policies)
			}
			if len(c.claims) != test.claims || len(c.scrapes) != test.scrapes || len(c.monitors) != test.scrapes {
				t.Errorf("there are %d claims, %d scrape configurations and %d service monitors", len(c.claims), len(c.scrapes), len(c.monitors))
			}
			for i := range c.namespacedMeta {
				if c.namespacedMeta[i].Namespace != c.namespaces[0].Name {
					t.Errorf("%s is in namespace %q", c.namespacedMeta[i].Name, c.namespacedMeta[i].Namespace)
				}
			}
			c.checkPod(t)
			c.checkPorts(t)
			c.checkVolumes(t)
			c.checkScrapes(t)
		})
	}
}

// checkPod has the pod judged by the policy that the namespace enforces.
func (c *cluster) checkPod(t *testing.T) {
	t.Helper()
	level, err := api.ParseLevel(c.namespaces[0].Labels[api.EnforceLevelLabel])
	if err != nil || level != api.LevelRestricted {
		t.Errorf("the namespace enforces %q: %v", level, err)
	}
	latest := api.LatestVersion()
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), &latest)
	if err != nil {
		t.Fatal(err)
	}
	pod := &c.deployments[0].Spec.Template
	for _, result := range evaluator.EvaluatePod(api.LevelVersion{Level: level, Version: latest}, &pod.ObjectMeta, &pod.Spec) {
		if !result.Allowed {
			t.Errorf("%s: %s", result.ForbiddenReason, result.ForbiddenDetail)
		}
	}
	// What no policy asks for.
	container := &pod.Spec.Containers[0]
	if s := container.SecurityContext; s.ReadOnlyRootFilesystem == nil || !*s.ReadOnlyRootFilesystem {
		t.Error("the file system can be written to")
	}
	if a := pod.Spec.AutomountServiceAccountToken; a == nil || *a {
		t.Error("the pod gets a token of the cluster")
	}
	if container.Resources.Limits.Memory().IsZero() || container.Resources.Requests.Cpu().IsZero() {
		t.Error("the container says not how much it needs")
	}
	if d := c.deployments[0].Spec; *d.Replicas != 1 || d.Strategy.Type != appsv1.RecreateDeploymentStrategyType {
		t.Error("two processes could want the same store")
	}
	for path, probe := range map[string]*corev1.Probe{"/-/healthy": container.LivenessProbe, "/-/ready": container.ReadinessProbe} {
		if probe == nil || probe.HTTPGet == nil || probe.HTTPGet.Path != path || probe.HTTPGet.Port != intstr.FromString("web") {
			t.Errorf("the probe of %s is %v", path, probe)
		}
	}
}

// checkPorts follows every port to the container, and every selector to the pod.
func (c *cluster) checkPorts(t *testing.T) {
	t.Helper()
	pod := &c.deployments[0].Spec.Template
	ports := map[string]int32{}
	for _, port := range pod.Spec.Containers[0].Ports {
		ports[port.Name] = port.ContainerPort
	}
	if ports["web"] != 10493 || ports["push"] != 10494 {
		t.Errorf("the ports are %v", ports)
	}
	selects := func(name string, labels map[string]string) {
		if len(labels) == 0 {
			t.Errorf("%s selects every pod", name)
		}
		for key, value := range labels {
			if pod.Labels[key] != value {
				t.Errorf("%s selects %s=%s, which the pod has not", name, key, value)
			}
		}
	}
	selects("the deployment", c.deployments[0].Spec.Selector.MatchLabels)
	for i := range c.services {
		s := &c.services[i]
		selects("service "+s.Name, s.Spec.Selector)
		for _, port := range s.Spec.Ports {
			if ports[port.TargetPort.StrVal] != port.Port {
				t.Errorf("port %s of service %s leads to %q", port.Name, s.Name, port.TargetPort.StrVal)
			}
		}
	}
	for i := range c.policies {
		p := &c.policies[i]
		selects("policy "+p.Name, p.Spec.PodSelector.MatchLabels)
		for _, rule := range p.Spec.Ingress {
			for _, port := range rule.Ports {
				if _, ok := ports[port.Port.StrVal]; !ok {
					t.Errorf("policy %s opens port %q", p.Name, port.Port.String())
				}
			}
		}
	}
}

// checkVolumes looks for what is mounted, and for the secrets that the
// configuration names.
func (c *cluster) checkVolumes(t *testing.T) {
	t.Helper()
	text, err := os.ReadFile("../kubernetes/secret.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	secret := strict[corev1.Secret](t, text)
	if secret.Namespace != c.namespaces[0].Name {
		t.Errorf("the secret is in namespace %q", secret.Namespace)
	}
	claims := []string{}
	for i := range c.claims {
		claims = append(claims, c.claims[i].Name)
	}
	sources := map[string]bool{}
	pod := &c.deployments[0].Spec.Template.Spec
	for i := range pod.Volumes {
		v := &pod.Volumes[i]
		switch {
		case v.ConfigMap != nil:
			sources[v.Name] = v.ConfigMap.Name == c.configMaps[0].Name
		case v.Secret != nil:
			sources[v.Name] = v.Secret.SecretName == secret.Name
		case v.PersistentVolumeClaim != nil && v.EmptyDir == nil:
			sources[v.Name] = slices.Contains(claims, v.PersistentVolumeClaim.ClaimName)
		case v.EmptyDir != nil:
			sources[v.Name] = len(claims) == 0
		}
	}
	mounts := map[string]string{}
	for _, mount := range pod.Containers[0].VolumeMounts {
		mounts[mount.MountPath] = mount.Name
		if !sources[mount.Name] {
			t.Errorf("what is mounted at %s is not there", mount.MountPath)
		}
		if mount.ReadOnly == (mount.Name == "state") {
			t.Errorf("%s can be written to: %t", mount.MountPath, !mount.ReadOnly)
		}
	}
	for _, argument := range pod.Containers[0].Args {
		name, value, _ := strings.Cut(argument, "=")
		switch name {
		case "--config.file":
			folder, file := filepath.Split(value)
			if mounts[filepath.Clean(folder)] != "config" || c.configMaps[0].Data[file] == "" {
				t.Errorf("there is no %s", value)
			}
		case "--storage.path":
			if mounts[value] != "state" {
				t.Errorf("%s is not on a volume", value)
			}
		}
	}
	found := 0
	for line := range strings.Lines(c.configMaps[0].Data["config.yml"]) {
		_, path, ok := strings.Cut(line, "_file: ")
		if !ok {
			continue
		}
		found++
		folder, key := filepath.Split(strings.TrimSpace(path))
		if mounts[filepath.Clean(folder)] != "secrets" || secret.StringData[key] == "" {
			t.Errorf("the secret has no %s, or it is not mounted there", path)
		}
	}
	if found == 0 {
		t.Error("the configuration names no secret")
	}
}

// checkScrapes looks whether Prometheus finds the exporter, by jobs that the
// rules know.
func (c *cluster) checkScrapes(t *testing.T) {
	t.Helper()
	for i := range c.monitors {
		m := &c.monitors[i]
		endpoint := m.Spec.Endpoints[0]
		job := endpoint.RelabelConfigs[0]
		if endpoint.Port != "web" || endpoint.Path != "/metrics" || job.TargetLabel != "job" || *job.Replacement != "power_exporter" {
			t.Errorf("the exporter itself is scraped as %+v", endpoint)
		}
		for key, value := range m.Spec.Selector.MatchLabels {
			if c.services[0].Labels[key] != value {
				t.Errorf("the service monitor selects %s=%s, which the service has not", key, value)
			}
		}
	}
	for i := range c.scrapes {
		s := &c.scrapes[i].Spec
		want := "http://" + c.services[0].Name + "." + c.namespaces[0].Name + ".svc:10493/sd"
		if *s.JobName != "power" || len(s.HTTPSDConfigs) != 1 || string(s.HTTPSDConfigs[0].URL) != want {
			t.Errorf("targets are found by job %q at %q, not at %q", *s.JobName, s.HTTPSDConfigs[0].URL, want)
		}
	}
}

// TestVersion compares the tag of the image with the version of the tree.
func TestVersion(t *testing.T) {
	t.Parallel()
	version, err := os.ReadFile("../../VERSION")
	if err != nil {
		t.Fatal(err)
	}
	want := strings.TrimSpace(string(version))
	image := build(t).deployments[0].Spec.Template.Spec.Containers[0].Image
	if _, tag, _ := strings.Cut(image, ":"); tag != want {
		t.Errorf("the image is %s, the version %s", image, want)
	}
}
