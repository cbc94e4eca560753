// Shows how far an upload is. Without this script the form works the same, without the bar.
const form = document.getElementById("upload-form");
const bar = document.getElementById("upload-progress");

if (form && bar) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const request = new XMLHttpRequest();
    bar.hidden = false;
    request.upload.addEventListener("progress", (sent) => {
      if (sent.lengthComputable) bar.value = Math.round((100 * sent.loaded) / sent.total);
    });
    request.addEventListener("load", () => {
      if (request.responseURL && request.status === 200 && !request.responseText.includes("errorlist")) {
        window.location.assign(request.responseURL);
        return;
      }
      document.open();
      document.write(request.responseText);
      document.close();
    });
    request.addEventListener("error", () => {
      bar.hidden = true;
      form.submit();
    });
    request.open("POST", form.action || window.location.href);
    request.send(new FormData(form));
  });
}
