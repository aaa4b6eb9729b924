// The worker of this site: see static/js/worker.js. Version {{ version }}.
self.OFFLINE = "{{ offline|escapejs }}";
self.ICON = "{{ icon|escapejs }}";
{% for module in modules %}importScripts("{{ module|escapejs }}");
{% endfor %}
