// Runs before the first paint: says that scripts work here, so that nothing is shown and taken away again.
// The colours themselves come from a cookie that the server reads; see jam/context.py.
document.documentElement.classList.add("has-js");
