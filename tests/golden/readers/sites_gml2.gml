<?xml version="1.0" encoding="utf-8" ?>
<ogr:FeatureCollection
     xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
     xsi:schemaLocation="http://ogr.maptools.org/ sites_gml2.xsd"
     xmlns:ogr="http://ogr.maptools.org/"
     xmlns:gml="http://www.opengis.net/gml">
  <gml:boundedBy>
    <gml:Box>
      <gml:coord><gml:X>500000</gml:X><gml:Y>2766000</gml:Y></gml:coord>
      <gml:coord><gml:X>502050</gml:X><gml:Y>2766100</gml:Y></gml:coord>
    </gml:Box>
  </gml:boundedBy>
                                                                                                                                          
  <gml:featureMember>
    <ogr:sites fid="sites.0">
      <ogr:geometryProperty><gml:Polygon srsName="EPSG:4543"><gml:outerBoundaryIs><gml:LinearRing><gml:coordinates>500000,2766000 500100,2766000 500100,2766100 500000,2766100 500000,2766000</gml:coordinates></gml:LinearRing></gml:outerBoundaryIs><gml:innerBoundaryIs><gml:LinearRing><gml:coordinates>500040,2766040 500040,2766060 500060,2766060 500060,2766040 500040,2766040</gml:coordinates></gml:LinearRing></gml:innerBoundaryIs></gml:Polygon></ogr:geometryProperty>
      <ogr:地块编号>D-1</ogr:地块编号>
      <ogr:名称>一号地</ogr:名称>
      <ogr:面积>0.96</ogr:面积>
    </ogr:sites>
  </gml:featureMember>
  <gml:featureMember>
    <ogr:sites fid="sites.1">
      <ogr:geometryProperty><gml:MultiPolygon srsName="EPSG:4543"><gml:polygonMember><gml:Polygon><gml:outerBoundaryIs><gml:LinearRing><gml:coordinates>501100,2766000 501100,2766100 501000,2766100 501000,2766000 501100,2766000</gml:coordinates></gml:LinearRing></gml:outerBoundaryIs></gml:Polygon></gml:polygonMember><gml:polygonMember><gml:Polygon><gml:outerBoundaryIs><gml:LinearRing><gml:coordinates>502050,2766000 502050,2766100 502000,2766100 502000,2766000 502050,2766000</gml:coordinates></gml:LinearRing></gml:outerBoundaryIs></gml:Polygon></gml:polygonMember></gml:MultiPolygon></ogr:geometryProperty>
      <ogr:地块编号>D-2</ogr:地块编号>
      <ogr:名称>㼆二号地</ogr:名称>
      <ogr:面积>1.5</ogr:面积>
    </ogr:sites>
  </gml:featureMember>
</ogr:FeatureCollection>
