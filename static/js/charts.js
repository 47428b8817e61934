// Draws every chart of the page, and those that htmx brings later. The figures stand in the page as JSON.
(function () {
  const settings = {
    displayModeBar: false,
    displaylogo: false,
    responsive: true,
    scrollZoom: false,
    doubleClick: false,
    // Nobody's portfolio leaves this service: no upload to a chart cloud, and no address to upload to.
    showSendToCloud: false,
    showEditInChartStudio: false,
    plotlyServerURL: '',
  };

  // On a narrow screen a chart keeps its height; its words get a little smaller and its labels fewer.
  function fitted(layout, width) {
    if (width >= 560) return layout;
    return { ...layout, font: { ...layout.font, size: 12 } };
  }

  function draw(root) {
    for (const place of root.querySelectorAll('[data-chart]:not(.js-plotly-plot)')) {
      const source = document.getElementById(place.dataset.chart);
      if (!source) continue;
      const figure = JSON.parse(source.textContent);
      Plotly.newPlot(place, figure.data, fitted(figure.layout, place.clientWidth), settings);
    }
  }

  draw(document);
  document.body.addEventListener('htmx:afterSettle', (event) => draw(event.target));
})();
