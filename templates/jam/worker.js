// The worker of this site: see static/js/worker.js. Version {{ version }}.
self.OFFLINE = "{{ offline|escapejs }}";
{% for module in modules %}importScripts("{{ module|escapejs }}");
{% endfor %}
